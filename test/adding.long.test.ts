import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../packages/core/src/', import.meta.url))

/** A change of a file, as somebody makes it who follows `docs/adding.md`. */
type Change = readonly [file: string, from: string, to: string]

/** Files as the compiler read them, by their text: nearly all are the same each time, and a program takes over what it can from the one before. */
const parsed = new Map<string, ts.SourceFile>()
let last: ts.Program | undefined

/** What the compiler says of core with some files changed and some added, without a file being written. */
function complaints(changes: readonly Change[], added: Readonly<Record<string, string>> = {}): readonly string[] {
  const texts = new Map(Object.entries(added).map(([file, text]) => [join(root, file), text]))
  for (const [file, from, to] of changes) {
    const path = join(root, file)
    const text = texts.get(path) ?? readFileSync(path, 'utf8')
    if (!text.includes(from)) throw new TypeError(`${file} has no ${from}`)
    texts.set(path, text.replace(from, to))
  }
  const config = ts.readConfigFile(join(root, '../../../tsconfig.base.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config.config, include: [] }, ts.sys, root)
  const host = ts.createCompilerHost({ ...options, noEmit: true })
  const read = host.readFile.bind(host)
  host.readFile = (path) => texts.get(path) ?? read(path)
  host.fileExists = (path) => texts.has(path) || ts.sys.fileExists(path)
  const parse = host.getSourceFile.bind(host)
  host.getSourceFile = (path, ...how) => {
    const text = texts.get(path)
    const key = `${path} ${text ?? ''}`
    const file = parsed.get(key) ?? parse(path, ...how)
    if (file !== undefined) parsed.set(key, file)
    return file
  }
  const program = ts.createProgram(
    [join(root, 'index.ts'), join(root, 'solana.ts'), join(root, 'replay.ts')],
    { ...options, noEmit: true },
    host,
    last,
  )
  last = program
  return ts.getPreEmitDiagnostics(program).map(({ messageText, file }) => {
    const where = file === undefined ? '' : `${file.fileName.slice(root.length)}: `
    return `${where}${ts.flattenDiagnosticMessageText(messageText, ' ')}`
  })
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
const refused: Change = [
  'evm/diagnosis/refused-by-token.ts',
  "  'facilitator-nonce': 'no',\n",
  "  'facilitator-nonce': 'no',\n  'worked-example': 'no',\n",
]
const check: Change = [
  'evm/checks/facilitator.ts',
  "        cause: 'facilitator-nonce',",
  "        cause: Number(1) > 2 ? 'worked-example' : 'facilitator-nonce',",
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
/** What the compiler says of both, the cause in each of its tables and the network in its list: one look does for the two. */
const whole = (): readonly string[] => {
  complete ??= complaints([row, check, notShown, refused, ...listed], { 'networks/worked.ts': network })
  return complete
}

describe('a worked cause', () => {
  it('is asked for by the compiler in each table by cause, and nowhere else', { timeout: 300_000 }, () => {
    const said = complaints([row, check])
    expect(said.filter((each) => each.includes('worked-example')).map((each) => each.split(':')[0])).toEqual(
      expect.arrayContaining(['evm/diagnosis/refused-by-token.ts', 'evm/diagnosis/undo.ts']),
    )
    expect(whole()).toEqual([])
  })

  it('touches four files by hand where no payload alone can show it', () => {
    // A cause that a replay shows stands in `undo.ts` in place of `not-shown.ts`.
    expect(new Set([row, check, notShown, refused].map(([file]) => file)).size).toBeLessThanOrEqual(4)
  })
})

describe('a worked network', () => {
  it('compiles with its own file and its name in the list', { timeout: 300_000 }, () => {
    expect(whole()).toEqual([])
  })
})
