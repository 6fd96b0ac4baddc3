// the entries of the package, as TypeScript sees them → every public call that takes options, and the names of the options

import { resolve } from 'node:path';
import ts from 'typescript';

const root = resolve(import.meta.dirname, '../..');
const ENTRIES = [
  '',
  'features/',
  'dataset/',
  'layers/',
  'evaluation/',
  'node/',
  'browser/',
  'worker/',
  'timelines/',
].map((folder) => `src/${folder}index.ts`);

/** What stands among options and is none: data. */
const DATA = ['ExampleSet', 'SkippedFile'];

/** An object of options: the names that may stand in it, and those that are objects of options again. */
export interface OptionsShape {
  /** Where it stands: '' for the options themselves, `window`, `augment.noise` or `rules[]` for objects in them. */
  readonly path: string;
  /** Every name that some form of it has. */
  readonly names: readonly string[];
}

/** A function, constructor or method whose last parameter is an object of options. */
export interface PublicCall {
  /** E.g. `train`, `new Stft`, `EmotionClassifier.load`, `EmotionClassifier#classify`. */
  readonly name: string;
  /** The options, and the objects of options within them. */
  readonly shapes: readonly OptionsShape[];
}

/** All of them, sorted by name. */
export function publicCalls(): PublicCall[] {
  const { config } = ts.readConfigFile(`${root}/tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: ['src'] }, ts.sys, root);
  const program = ts.createProgram(
    [...ENTRIES, 'src/pretrained/weights.d.ts'].map((entry) => `${root}/${entry}`),
    options,
  );
  const checker = program.getTypeChecker();
  const found = new Map<string, PublicCall>();

  const add = (name: string, signatures: readonly ts.Signature[]) => {
    for (const signature of signatures) {
      const last = signature.parameters.at(-1);
      if (!last?.valueDeclaration) continue;
      const type = checker.getTypeOfSymbolAtLocation(last, last.valueDeclaration);
      const shapes = shapesOf(type, '', checker, []);
      if (shapes.length > 0 && isNamedOptions(last, type, checker)) found.set(name, { name, shapes });
    }
  };

  for (const entry of ENTRIES) {
    const module = checker.getSymbolAtLocation(program.getSourceFile(`${root}/${entry}`)!)!;
    for (const exported of checker.getExportsOfModule(module)) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      if (!symbol.valueDeclaration) continue;
      const type = checker.getTypeOfSymbolAtLocation(symbol, symbol.valueDeclaration);
      const { name } = exported;
      add(name, type.getCallSignatures());
      const isAbstract = ts.getCombinedModifierFlags(symbol.valueDeclaration) & ts.ModifierFlags.Abstract;
      if (!isAbstract) add(`new ${name}`, type.getConstructSignatures().filter(isPublic));
      if (!(symbol.flags & ts.SymbolFlags.Class)) continue;
      for (const property of type.getProperties()) addMethod(`${name}.${property.name}`, property);
      for (const property of checker.getDeclaredTypeOfSymbol(symbol).getProperties())
        addMethod(`${name}#${property.name}`, property);
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));

  function addMethod(name: string, property: ts.Symbol) {
    const declaration = property.valueDeclaration;
    if (!declaration?.getSourceFile().fileName.startsWith(`${root}/src/`)) return;
    if (!isPublicMember(declaration) || ts.isPrivateIdentifier((declaration as ts.MethodDeclaration).name)) return;
    if (property.name === 'call') return; // of a layer: what tfjs calls it with
    add(name, checker.getTypeOfSymbolAtLocation(property, declaration).getCallSignatures());
  }
}

function isPublic({ declaration }: ts.Signature): boolean {
  return !declaration || isPublicMember(declaration);
}

function isPublicMember(declaration: ts.Declaration): boolean {
  return !(ts.getCombinedModifierFlags(declaration) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected));
}

/** By the house's convention: the parameter is called `options`, or its type is called so. */
function isNamedOptions(parameter: ts.Symbol, type: ts.Type, checker: ts.TypeChecker): boolean {
  if (parameter.name === 'options') return true;
  return /(Options|Draw|Criteria|Parts)\b|^{/.test(checker.typeToString(checker.getNonNullableType(type)));
}

/** The shape of a type that is an object of options of this library, and of those within it. */
function shapesOf(type: ts.Type, path: string, checker: ts.TypeChecker, above: readonly string[]): OptionsShape[] {
  const element = (type.isUnion() ? type.types : [type]).find((form) => checker.isArrayType(form));
  if (element && path !== '') {
    const [item] = checker.getTypeArguments(element as ts.TypeReference);
    return item ? shapesOf(item, `${path}[]`, checker, above) : [];
  }
  const forms = (type.isUnion() ? type.types : [type]).filter((form) => isOptionsObject(form, checker));
  if (forms.length === 0) return [];
  const names = new Map<string, ts.Type[]>();
  for (const form of forms) {
    for (const property of form.getProperties()) {
      const own = checker.getTypeOfSymbol(property);
      names.set(property.name, [...(names.get(property.name) ?? []), own]);
    }
  }
  const nested = [...names].flatMap(([name, types]) =>
    above.includes(name)
      ? []
      : types.flatMap((own) => shapesOf(own, path ? `${path}.${name}` : name, checker, [...above, name])),
  );
  const merged = new Map<string, Set<string>>();
  for (const shape of nested) {
    const known = merged.get(shape.path) ?? new Set();
    for (const name of shape.names) known.add(name);
    merged.set(shape.path, known);
  }
  return [{ path, names: [...names.keys()] }, ...[...merged].map(([at, own]) => ({ path: at, names: [...own] }))];
}

/** A plain object type that src declares: no function, array, map, class instance or type of another library. */
function isOptionsObject(type: ts.Type, checker: ts.TypeChecker): boolean {
  if (!(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection))) return false;
  if (type.getCallSignatures().length > 0 || checker.isArrayLikeType(type) || type.getStringIndexType()) return false;
  if (DATA.includes(type.symbol?.name)) return false;
  if (type.isClass() || type.symbol?.flags & ts.SymbolFlags.Class) return false;
  const properties = type.getProperties();
  return (
    properties.length > 0 &&
    properties.every((property) =>
      (property.declarations ?? []).every(
        (declaration) =>
          declaration.getSourceFile().fileName.includes('/src/') &&
          !ts.isMethodSignature(declaration) &&
          !ts.isMethodDeclaration(declaration),
      ),
    )
  );
}
