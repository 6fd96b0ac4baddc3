// entries of package.json → their public names and signatures, as text that a change of them shows in

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';

const root = resolve(import.meta.dirname, '../..');

/** An entry's name in package.json (`.`, `./layers`), and the source that it is built from. */
export interface Entry {
  readonly name: string;
  readonly source: string;
}

/** A public name of an entry. */
export interface PublicName {
  readonly name: string;
  /** Whether it is there at run time. */
  readonly isValue: boolean;
  /** What it is, a line each: of a class or an interface the members. */
  readonly lines: readonly string[];
  /** What it stands for: the same symbol under whichever entry. */
  readonly symbol: ts.Symbol;
}

/** The entries of package.json, with the sources that the build makes them of. */
export function entriesOf(): Entry[] {
  const { exports } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { exports: Record<string, unknown> };
  const built = readFileSync(`${root}/tsup.config.ts`, 'utf8');
  return Object.entries(exports).flatMap(([name, target]) => {
    if (typeof target === 'string') return []; // package.json itself
    const file = (target as { default: string }).default.replace(/^\.\/dist\/(.*)\.js$/, '$1');
    const source = new RegExp(`['"]?${file}['"]?: '(src/[^']+)'`).exec(built)?.[1];
    if (!source) throw new Error(`${name} leads to ${file}.js, which tsup.config.ts does not build`);
    return [{ name, source }];
  });
}

/** The public names of each entry, in the alphabet's order. */
export function facesOf(entries: readonly Entry[]): Map<string, PublicName[]> {
  const { config } = ts.readConfigFile(`${root}/tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram(
    entries.map(({ source }) => `${root}/${source}`),
    options,
  );
  const checker = program.getTypeChecker();
  return new Map(
    entries.map(({ name, source }) => {
      const file = program.getSourceFile(`${root}/${source}`);
      const module = file && checker.getSymbolAtLocation(file);
      const symbols = module ? checker.getExportsOfModule(module) : [];
      const names = symbols.map((exported) => publicName(checker, exported.name, resolved(checker, exported)));
      return [name, names.sort((a, b) => (a.name < b.name ? -1 : 1))];
    }),
  );
}

/**
 * The listing of an entry: its names, each with what it is; of those that the root has too, the name alone.
 *
 * @param of the entry's names
 * @param inRoot the root's
 */
export function listingOf(of: readonly PublicName[], inRoot: readonly PublicName[] = []): string {
  const lines = of.flatMap((one) => {
    const same = inRoot.find(({ symbol }) => symbol === one.symbol);
    return same ? [`${one.name}: as in the root`] : one.lines;
  });
  return `${lines.join('\n')}\n`;
}

function resolved(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

const FORMAT = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.WriteArrayAsGenericType;

function publicName(checker: ts.TypeChecker, name: string, symbol: ts.Symbol): PublicName {
  const isValue = (symbol.flags & ts.SymbolFlags.Value) !== 0;
  return { name, isValue, symbol, lines: linesOf(checker, name, symbol) };
}

function linesOf(checker: ts.TypeChecker, name: string, symbol: ts.Symbol): string[] {
  const [declaration] = symbol.declarations ?? [];
  if (!declaration) return [name];
  if (ts.isFunctionDeclaration(declaration)) {
    const signatures = checker.getTypeOfSymbolAtLocation(symbol, declaration).getCallSignatures();
    return signatures.map((one) => `function ${name}${checker.signatureToString(one, declaration, FORMAT)}`);
  }
  if (ts.isClassDeclaration(declaration)) return classLines(checker, name, symbol, declaration);
  if (ts.isInterfaceDeclaration(declaration)) {
    const heritage = declaration.heritageClauses?.map((clause) => ` ${plain(clause.getText())}`).join('') ?? '';
    const members = declaration.members.map((member) => `  ${plain(member.getText()).replace(/;$/, '')}`);
    return [`interface ${name}${heritage}`, ...members];
  }
  if (ts.isTypeAliasDeclaration(declaration)) return [`type ${name} = ${plain(declaration.type.getText())}`];
  return [
    `const ${name}: ${checker.typeToString(checker.getTypeOfSymbolAtLocation(symbol, declaration), declaration, FORMAT)}`,
  ];
}

function classLines(
  checker: ts.TypeChecker,
  name: string,
  symbol: ts.Symbol,
  declaration: ts.ClassDeclaration,
): string[] {
  const heritage = declaration.heritageClauses?.map((clause) => ` ${plain(clause.getText())}`).join('') ?? '';
  const constructors = checker.getTypeOfSymbolAtLocation(symbol, declaration).getConstructSignatures();
  const isPublic = (member: ts.ClassElement) =>
    !(ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Private) &&
    !(member.name && ts.isPrivateIdentifier(member.name)) &&
    !ts.isConstructorDeclaration(member);
  const members = declaration.members.filter(isPublic).flatMap((member) => {
    const own = member.name && checker.getSymbolAtLocation(member.name);
    if (!own) return [];
    const flags = ts.getCombinedModifierFlags(member);
    const words = [
      ...(flags & ts.ModifierFlags.Static ? ['static'] : []),
      ...(flags & ts.ModifierFlags.Protected ? ['protected'] : []),
      ...(flags & ts.ModifierFlags.Abstract ? ['abstract'] : []),
      ...(flags & ts.ModifierFlags.Readonly || ts.isGetAccessor(member) ? ['readonly'] : []),
    ];
    const type = checker.typeToString(checker.getTypeOfSymbolAtLocation(own, member), member, FORMAT);
    return [`  ${[...words, `${own.name.replace(/^__@(\w+)@\d+$/, '[Symbol.$1]')}: ${type}`].join(' ')}`];
  });
  return [
    `class ${name}${heritage}`,
    ...constructors.map((one) => `  new ${checker.signatureToString(one, declaration, FORMAT)}`),
    ...new Set(members), // each overload tells of them all
  ];
}

/** A declaration on one line, without its comments. */
function plain(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '')
    .replace(/\s+/g, ' ')
    .trim();
}
