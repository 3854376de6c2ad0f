import type { Compilation } from './compile.ts'

/** The TypeScript module that carries the compiled tokens, as the formatter leaves it. */
export function codeModule({ compiler, library, inputs, contracts }: Compilation): string {
  const record = (values: Readonly<Record<string, unknown>>, show: (value: unknown) => string): string[] =>
    Object.entries(values).map(([name, value]) => `        ${name}: ${show(value)},`)
  return [
    '// Written by packages/core/contracts/build.ts (`pnpm build:contracts`): do not edit.',
    `// Compiled from OpenZeppelin Contracts, Copyright (c) 2016-2026 Zeppelin Group Ltd, MIT License: see NOTICE.`,
    '',
    '/**',
    ' * The two ERC-3009 contracts of OpenZeppelin as tokens of their own, their immutables left zero. `immutables` are offsets in bytes of 32-byte words,',
    ' * `slots` those of storage.',
    ' */',
    'export const openZeppelinCode = {',
    `  compiler: '${compiler}',`,
    `  library: '${library}',`,
    `  inputs: '${inputs}',`,
    '  contracts: {',
    ...Object.entries(contracts).flatMap(([name, { code, immutables, slots }]) => [
      `    ${name}: {`,
      `      code: '${code}',`,
      '      immutables: {',
      ...record(immutables, (places) => `[${(places as readonly number[]).join(', ')}]`),
      '      },',
      '      slots: {',
      ...record(slots, String),
      '      },',
      '    },',
    ]),
    '  },',
    '} as const',
    '',
  ].join('\n')
}
