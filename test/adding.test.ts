import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const workspace = fileURLToPath(new URL('..', import.meta.url))
const root = join(workspace, 'packages/core/src/')

/** A change of a file, as somebody makes it who follows `docs/adding.md`. */
type Change = readonly [file: string, from: string, to: string]

/** What the compiler says of a copy of core with some files changed and some added. */
function complaints(changes: readonly Change[], added: Readonly<Record<string, string>> = {}): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'eip3009-adding-'))
  try {
    const source = join(folder, 'src')
    cpSync(root, source, { recursive: true, filter: (path) => !path.endsWith('.test.ts') })
    symlinkSync(join(root, '../node_modules'), join(folder, 'node_modules'), 'junction')
    for (const [file, text] of Object.entries(added)) {
      const path = join(source, file)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text)
    }
    for (const [file, from, to] of changes) {
      const text = readFileSync(join(source, file), 'utf8')
      if (!text.includes(from)) throw new TypeError(`${file} has no ${from}`)
      writeFileSync(join(source, file), text.replace(from, to))
    }
    const config = { extends: join(workspace, 'tsconfig.base.json'), files: ['src/index.ts', 'src/solana.ts', 'src/replay.ts'] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const compiler = join(workspace, 'node_modules/typescript-native/bin/tsc')
    const { stdout, stderr, status, error } = spawnSync(process.execPath, [compiler, '--pretty', 'false', '--checkers', '1'], {
      cwd: folder,
      encoding: 'utf8',
    })
    const said = [...stdout.matchAll(/^src\/(\S+?)\(\d+,\d+\): error (.*)$/gm)].map(([, file = '', what]) => `${file}: ${what}`)
    // What stops at no file is a fault of this test.
    if (error !== undefined || (status !== 0) !== said.length > 0) throw new TypeError(`${error?.message ?? stderr}${stdout}`)
    return said
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const row: Change = [
  'causes/operation.ts',
  'export const operationCauses = {\n',
  `export const operationCauses = {
  'worked-example': {
    title: 'The relayer went home',
    parties: ['facilitator'],
    family: 'evm',
    stops: { at: 'relay', place: 99 },
    refusedByToken: 'no',
    meaning: 'An example.',
    proof: { needs: ['logs'], how: 'Its logs end.' },
    fix: 'Call it back.',
    retry: 'send-same',
    reports: { token: [], facilitator: [] },
    references: [eip3009],
    related: [],
  },
`,
]
const notShown: Change = [
  'causes/not-shown.ts',
  "  'facilitator-nonce': ofRelay,\n",
  "  'facilitator-nonce': ofRelay,\n  'worked-example': ofRelay,\n",
]
const check: Change = [
  'evm/checks/facilitator.ts',
  "        cause: 'facilitator-nonce',",
  "        cause: Number(1) > 2 ? 'worked-example' : 'facilitator-nonce',",
]

const onSolana: readonly Change[] = [
  [
    'causes/solana.ts',
    'export const solanaCauses = {\n',
    `export const solanaCauses = {
  'svm-worked-example': {
    title: 'The memo is rude',
    parties: ['client'],
    family: 'solana',
    stops: { at: 'layout', place: 99 },
    cluster: { place: 'never', run: 'takes', obstacle: null },
    foundBy: ['memo'],
    meaning: 'An example.',
    proof: { needs: ['payload'], how: 'Its memo.' },
    fix: 'Write another one.',
    retry: 'sign-again',
    reports: { token: [], facilitator: [] },
    references: [transactions],
    related: [],
  },
`,
  ],
  [
    'solana/state/state-checks.ts',
    "      cause: 'svm-account-frozen',",
    "      cause: Number(1) > 2 ? 'svm-worked-example' : 'svm-account-frozen',",
  ],
  ['causes/not-shown.ts', "  'svm-memo-mismatch': ofOffer,\n", "  'svm-memo-mismatch': ofOffer,\n  'svm-worked-example': taken,\n"],
]

const network = `import { defineNetwork } from './define-network.ts'

export const worked = defineNetwork({
  family: 'evm',
  id: 'worked',
  testnet: true,
  chainId: 424242,
  caip2: 'eip155:424242',
  x402Names: ['worked'],
  aliases: [],
  usdc: {
    symbol: 'USDC',
    address: '0x4fCF1784B31630811181f670Aea7A7bEF803eaED',
    name: 'USDC',
    version: '2',
    layout: 'standard',
    decimals: 6,
    family: 'FiatTokenV2_2',
    overloads: { vrs: true, bytes: true },
  },
  rpcUrls: [],
  explorerUrl: 'https://explorer.example',
  blockTime: 1,
  eip1559: true,
  nativeCurrency: 'ETH',
  multicall3: '0xcA11bde05977b3631167028862bE2a173976CA11',
  wrongValues: [],
  doubts: [],
  sources: ['an example'],
  checked: '2026-11',
})
`
const listed: readonly Change[] = [
  ['networks/networks.ts', "import { xdc } from './xdc.ts'\n", "import { worked } from './worked.ts'\nimport { xdc } from './xdc.ts'\n"],
  ['networks/networks.ts', '  seiTestnet,\n] as const', '  seiTestnet,\n  worked,\n] as const'],
]

let complete: readonly string[] | undefined
/** What the compiler says of all, the causes in each of their tables and the network in its list: one look does for the three. */
const whole = (): readonly string[] => {
  complete ??= complaints([row, check, notShown, ...onSolana, ...listed], { 'networks/worked.ts': network })
  return complete
}

describe('a worked cause', () => {
  it('is asked for by the compiler in each table by cause, and nowhere else', { timeout: 300_000 }, () => {
    const [ofSolana, checkOfSolana] = onSolana
    if (ofSolana === undefined || checkOfSolana === undefined) throw new TypeError('The worked cause of Solana has no row, or no check.')
    const said = complaints([row, check, ofSolana, checkOfSolana])
    expect(new Set(said.map((each) => each.split(':')[0]))).toEqual(new Set(['evm/diagnosis/undo.ts', 'solana/world/undo.ts']))
    expect(whole()).toEqual([])
  })

  it.each([
    ['by EIP-3009', [row, check, notShown]],
    ['on Solana', onSolana],
  ])('of payments %s touches four files by hand, the fixture that shows it among them', (_, changes) => {
    // A cause that a replay shows stands in `undo.ts` in place of `not-shown.ts`. The fourth file is the payment that has just this wrong, where a payload alone can show it.
    const files = new Set(changes.map(([file]) => file))
    expect(files.size).toBe(3)
    expect(files.size + 1).toBeLessThanOrEqual(4)
    // The page tells of no more.
    const page = readFileSync(join(root, '../../../docs/adding.md'), 'utf8')
    const bullets = (page.split('## A cause')[1]?.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('- '))
    expect(bullets).toHaveLength(4)
  })
})

describe('a worked network', () => {
  it('compiles with its own file and its name in the list', { timeout: 300_000 }, () => {
    expect(whole()).toEqual([])
  })
})
