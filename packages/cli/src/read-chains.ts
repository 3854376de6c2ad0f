import { type Eip712Domain, identifySeparator } from '@eip3009/core'
import { connectChain, type DomainAnswer, type DomainReading, type Reading, readDomain } from '@eip3009/core/chain'
import { describeDomain } from '@eip3009/core/internal'
import type { DomainRow, OnChain } from './domain-rows.ts'

/** Where a chain is read from: the first of the URLs. */
interface ChainRpcs {
  readonly urls: readonly string[]
  readonly headers: Readonly<Record<string, string>>
}

/** The rows with what their chains say. Networks are read side by side, the tokens of one network one after another, in `timeout` milliseconds in all. */
export async function readChains(rows: readonly DomainRow[], rpcs: ReadonlyMap<string, ChainRpcs>, timeout: number): Promise<DomainRow[]> {
  const onChain = new Map<DomainRow, OnChain>()
  await Promise.all(
    [...rpcs].map(async ([id, { urls, headers }]) => {
      const [url] = urls
      if (url === undefined) return
      const client = connectChain(url, { timeout, headers })
      let dead: DomainAnswer | undefined
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<DomainAnswer>((resolve) => {
        const reason = `it took more than ${timeout} ms in all`
        timer = setTimeout(() => resolve({ kind: 'unreachable', source: client.description, reason }), timeout)
      })
      for (const row of rows.filter(({ network }) => network.id === id)) {
        const { address, network } = row
        const answer: DomainAnswer = dead ?? (await Promise.race([late, readDomain(client, { address, chainId: network.chainId })]))
        // Who does not answer for one token need not be asked for the next.
        if (answer.kind !== 'read') dead = answer
        onChain.set(row, compared(row, answer))
      }
      clearTimeout(timer)
    }),
  )
  return rows.map((row) => ({ ...row, onChain: onChain.get(row) ?? row.onChain }))
}

function compared(row: DomainRow, answer: DomainAnswer): OnChain {
  const { source } = answer
  if (answer.kind === 'unreachable') return { kind: 'unread', source, short: 'no answer', reason: answer.reason }
  if (answer.kind === 'wrong-chain') {
    const reason = `it is of chain ${answer.chainId}, not of ${row.network.id} (${answer.expected})`
    return { kind: 'unread', source, short: `chain ${answer.chainId}`, reason }
  }
  const at = answer.block.kind === 'known' ? ` at block ${answer.block.value}` : ''
  const lines = [...separatorLines(row, answer, at), ...factLines(row, answer, at)]
  const separator = answer.separator.kind === 'known' ? answer.separator.value : undefined
  if (lines.length > 0) return { kind: 'differs', source, separator, lines }
  if (answer.separator.kind === 'unknown') return { kind: 'unread', source, short: 'unknown', reason: answer.separator.reason }
  return { kind: 'same', source, block: answer.block.kind === 'known' ? String(answer.block.value) : undefined }
}

function subject({ network, symbol, role }: DomainRow): string {
  return role === 'usdc' ? network.id : `${network.id} ${symbol}`
}

function separatorLines(row: DomainRow, answer: DomainReading, at: string): string[] {
  const { separator, code, source } = answer
  const where = `read from ${source}${at}`
  if (code.kind === 'empty') return [`${subject(row)}: there is no contract at ${row.address} (${where})`]
  if (separator.kind === 'unknown') return []
  if (separator.kind !== 'known') {
    const how = separator.kind === 'reverted' ? 'reverts' : 'returns nothing'
    return [`${subject(row)}: DOMAIN_SEPARATOR() of ${row.address} ${how} (${where}); the registry has ${row.computed}`]
  }
  if (separator.value === row.computed) return []
  const real = domainBehind(row, answer)
  const is = real === undefined ? 'no domain that was tried gives it' : `which is that of ${describeDomain(real)}`
  return [
    `${subject(row)}: DOMAIN_SEPARATOR() is ${separator.value} (${where}), ${is}; the registry has ${row.computed}, computed from ${describeDomain(row.domain)}`,
  ]
}

/** The domain that the token really has, when it can be found from its separator, its own answers and all that is known. */
function domainBehind(
  { address }: DomainRow,
  { separator, name, version, chainId, eip712Domain }: DomainReading,
): Eip712Domain | undefined {
  if (separator.kind !== 'known') return undefined
  const stated = eip712Domain.kind === 'known' ? eip712Domain.value : {}
  const texts = (reading: Reading<string>, other: string | undefined): string[] => [
    ...(reading.kind === 'known' ? [reading.value] : []),
    ...(other === undefined ? [] : [other]),
  ]
  const hints = {
    names: texts(name, stated.name),
    versions: texts(version, stated.version),
    chainIds: [BigInt(chainId)],
    contracts: [address],
    salts: stated.salt === undefined ? [] : [stated.salt],
  }
  return identifySeparator(separator.value, { hints }).found?.domain
}

/** What else the chain says otherwise. Facts that it did not tell are left out. */
function factLines(row: DomainRow, { decimals, functions, source }: DomainReading, at: string): string[] {
  const where = `read from ${source}${at}`
  const lines: string[] = []
  if (decimals.kind === 'known' && decimals.value !== row.decimals) {
    lines.push(`${subject(row)}: decimals() is ${decimals.value} (${where}); the registry has ${row.decimals}`)
  }
  for (const overload of ['vrs', 'bytes'] as const) {
    const name = overload === 'vrs' ? 'transferWithAuthorization(v, r, s)' : 'transferWithAuthorization(bytes)'
    const presence = functions[name]
    const expected = row.overloads?.[overload]
    if (expected === undefined || presence.kind === 'unknown' || (presence.kind === 'present') === expected) continue
    lines.push(
      `${subject(row)}: the code ${presence.kind === 'present' ? 'has' : 'does not have'} ${name} (${where}); the registry says that it ${expected ? 'has' : 'has not'}`,
    )
  }
  return lines
}
