// AssemblyScript → modules of TypeScript that hold the compiled WebAssembly, so that everything that reads src can import it

import { writeFile } from 'node:fs/promises';
import asc from 'assemblyscript/asc';

const modules = [
  { from: 'index.ts', to: 'kernels/backends/simd/plain.wasm.ts', features: ['simd', 'bulk-memory'] },
  { from: 'index.ts', to: 'kernels/backends/simd/relaxed.wasm.ts', features: ['simd', 'bulk-memory', 'relaxed-simd'] },
  { from: 'resample.ts', to: 'audio/resample.wasm.ts', features: ['simd', 'bulk-memory'] },
  { from: 'spectra.ts', to: 'features/spectra.wasm.ts', features: ['simd', 'bulk-memory'] },
];

for (const { from, to, features } of modules) {
  let bytes: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [
      ...[`assembly/${from}`, '--outFile', 'module.wasm', '--importMemory', '--runtime', 'stub', '--noAssert'],
      ...['--optimizeLevel', '3', '--shrinkLevel', '0', '--disableWarning', '112'],
      ...features.flatMap((feature) => ['--enable', feature]),
    ],
    {
      writeFile: (_name, contents) => {
        bytes = contents as Uint8Array;
      },
    },
  );
  if (error || !bytes) throw new Error(`Cannot compile assembly/${from}: ${stderr.toString()}`, { cause: error });
  const lines = [
    `// assembly/${from}, compiled by \`npm run build:wasm\` → its bytes`,
    '',
    // Not base64: of digits that stand for half a byte each, compression on the wire makes 3 kB less.
    `const text =\n  '${Buffer.from(bytes).toString('hex')}';`,
    '',
    '/** The WebAssembly. */',
    'export default Uint8Array.from({ length: text.length / 2 }, (_, i) => parseInt(text.slice(2 * i, 2 * i + 2), 16));',
    '',
  ];
  await writeFile(new URL(`../src/${to}`, import.meta.url), lines.join('\n'));
}
