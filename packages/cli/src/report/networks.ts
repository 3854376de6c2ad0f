import type { EvmNetwork, Network, Networks, SolanaNetwork, Token } from '@eip3009/core'
import { printable } from '@eip3009/core'
import { paint, wrap } from '@eip3009/core/report'
import { alignColumns, markdownTable } from './columns.ts'
import type { KnownRpc } from './documents.ts'

interface Style {
  readonly color: boolean
  readonly columns: number
}

const head = ['network', 'chain id', 'kind', 'USDC', 'EIP-712 domain', 'x402 name']

function row(network: Network): string[] {
  const kind = network.testnet ? 'testnet' : 'mainnet'
  const x402 = network.x402Names.join(', ')
  return network.family === 'solana'
    ? [network.id, '', kind, network.mint, 'none', x402]
    : [network.id, String(network.chainId), kind, network.usdc.address, `"${network.usdc.name}" "${network.usdc.version}"`, x402]
}

/** A line a network. */
export function renderNetworks({ all, foreign }: Networks, rpcs: readonly KnownRpc[], { color, columns }: Style): string {
  const { dim } = paint(color)
  const [top = '', ...lines] = alignColumns([head, ...all.map(row)])
  const others = `Known, but not supported: ${foreign.map(({ id }) => id).join(', ')}.`
  const width = Math.max(60, Math.min(columns, 130))
  const asked = rpcs.flatMap((rpc) => wrap(`RPC of ${rpc.network}: ${rpcText(rpc)}`, width))
  return `${[dim(top), ...lines, '', ...wrap(others, width), ...(asked.length === 0 ? [] : ['', ...asked]), '', dim('eip3009 networks <network> tells one in full.')].join('\n')}\n`
}

/** Where it is known from, which says why it and no other is asked. */
function rpcText({ url, from, problem }: KnownRpc): string {
  return printable(url === null ? `none that can be used: ${problem ?? from}` : `${url}, from ${from}`)
}

export function networksMarkdown({ all }: Networks): string {
  return `${markdownTable([[...head, 'CAIP-2'], ...all.map((network) => [...row(network), network.caip2])])}\n`
}

/** A network as rows of label and text; a label that is empty continues the row above. */
function facts(network: Network): (readonly [string, string])[] {
  return [
    ['Chain', network.family === 'evm' ? `${network.chainId}, ${network.caip2}` : network.caip2],
    ['Kind', `${network.testnet ? 'testnet' : 'mainnet'}, a block every ${network.blockTime} s`],
    ['x402 v1 names', network.x402Names.join(', ') || 'none'],
    ['Other names', network.aliases.join(', ') || 'none'],
    ...(network.family === 'evm' ? evmFacts(network) : solanaFacts(network)),
    ...labelled('RPC', network.rpcUrls),
    ['Explorer', network.explorerUrl ?? 'none that is known to work'],
    ...labelled(
      'Wrong values',
      network.wrongValues.map(({ fact, wrong, right, seenIn }) => `${fact} ${wrong}, where it is ${right}: ${seenIn}`),
    ),
    ...labelled(
      'Doubts',
      network.doubts.map(({ fact, confidence, source }) => `${fact} (${confidence} confidence): ${source}`),
    ),
    ...labelled('Sources', network.sources),
    ...(network.checked === undefined ? [] : [['Checked', network.checked] as const]),
  ]
}

function evmFacts({ usdc, otherTokens, lookalikes, multicall3, eip1559, nativeCurrency }: EvmNetwork): (readonly [string, string])[] {
  const token = ({ symbol, address, name, version, decimals, family, overloads, separator }: Token): string[] => [
    `${symbol} ${address}, ${decimals} decimals, ${family ?? 'a contract that is not known'}`,
    `  name "${name}", version "${version}", transferWithAuthorization ${overloadsText(overloads)}`,
    `  DOMAIN_SEPARATOR() ${separator ?? 'not published'}`,
  ]
  return [
    ...labelled('USDC', token(usdc)),
    ...labelled('Other tokens', otherTokens.flatMap(token)),
    ...labelled(
      'Lookalikes',
      lookalikes.flatMap(({ symbol, address, name, note, domains }) => [
        `${symbol} ${address}, "${name}": ${note}`,
        ...domains.flatMap(({ separator }) => (separator === undefined ? [] : [`  DOMAIN_SEPARATOR() ${separator}`])),
      ]),
    ),
    ['Gas', `${nativeCurrency}, ${eip1559 ? 'EIP-1559' : 'no EIP-1559'}`],
    ['Multicall3', multicall3 ?? 'none that is known'],
  ]
}

function solanaFacts({ mint, decimals, tokenProgram, genesisHash, lookalikes }: SolanaNetwork): (readonly [string, string])[] {
  return [
    ['Genesis hash', genesisHash],
    ['USDC mint', `${mint}, ${decimals} decimals`],
    ['Token program', tokenProgram],
    ...labelled(
      'Other tokens',
      lookalikes.flatMap((each) => [`${each.symbol} ${each.mint}, ${each.decimals} decimals: ${each.note}`, `  of ${each.tokenProgram}`]),
    ),
  ]
}

function overloadsText({ vrs, bytes }: Token['overloads']): string {
  if (vrs && bytes) return '(v, r, s) and (bytes)'
  if (vrs) return '(v, r, s) only'
  return bytes ? '(bytes) only' : 'none'
}

function labelled(label: string, texts: readonly string[]): (readonly [string, string])[] {
  return texts.map((text, index) => [index === 0 ? label : '', text])
}

const labelWidth = 16

export function renderNetwork(network: Network, rpc: KnownRpc | null, { color, columns }: Style): string {
  const { dim, strong } = paint(color)
  const width = Math.max(60, Math.min(columns, 130)) - labelWidth - 2
  const own = rpc === null ? [] : [['Asked at', rpcText(rpc)] as const]
  const lines = [...facts(network), ...own].flatMap(([label, text]) => {
    const indent = /^ */.exec(text)?.[0] ?? ''
    return wrap(text.trimStart(), width - indent.length).map(
      (part, index) => `  ${dim((index === 0 ? label : '').padEnd(labelWidth))}${indent}${part}`,
    )
  })
  return `${[strong(network.id), ...lines].join('\n')}\n`
}

export function networkMarkdown(network: Network): string {
  const parts = facts(network).map(([label, text]) => (label === '' ? `  - ${text.trim()}` : `- **${label}**: ${text}`))
  return `# ${network.id}\n\n${parts.join('\n')}\n`
}
