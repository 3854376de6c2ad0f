import type { EvmDiagnosis, EvmReport } from '../evm/diagnosis/diagnosis.ts'
import type { DomainReport } from '../evm/typed-data/domain.ts'
import type { ChainReport } from '../verdict/diagnosis.ts'
import type { Block, Row, TableRow } from './document.ts'
import type { FamilyParts } from './family-parts.ts'
import { amountOf, timeOf } from './numbers.ts'
import { comparable, shorten, shortenAll } from './shorten.ts'

export function partsOfEvm(diagnosis: EvmDiagnosis): FamilyParts {
  const { verdict, payment, evm } = diagnosis
  const { signed, expected } = evm.domain
  const members = new Set(evm.signed?.differs.map((field) => `authorization.${field}`))
  return {
    compared: [
      ...(signed !== null && expected !== null && signed.separator !== expected.separator
        ? [domainTable(signed, expected, diagnosis)]
        : []),
      ...(evm.signed === null ? [] : [messageTable(evm.signed, evm.authorization)]),
    ],
    // Of a member that the table has, only what the offer asks for besides is left to say.
    told: ({ field, seen, signed: was, expected: asked }) =>
      field === undefined || field.startsWith('domain') || (members.has(field) && (asked === undefined || asked === seen || asked === was)),
    replayed: replayed(diagnosis),
    sayChain: (answer) => sayChain(answer, payment),
    rows: evm.search.says !== null && evm.search.tried > 0 && verdict !== 'settles' ? [{ label: 'Searched', text: evm.search.says }] : [],
    readAs: readAs(diagnosis),
    known: evm.token.domain === null ? [] : [{ label: 'Token known from', text: knownFrom(evm.token) }],
  }
}

/** The members of the message that were signed otherwise than they were sent. */
function messageTable(signed: NonNullable<EvmReport['signed']>, sent: EvmReport['authorization']): Block {
  const row = (label: string, left: string, right: string): TableRow => ({
    label,
    left,
    right,
    differs: true,
    mark: comparable(left, right),
  })
  return {
    role: 'table',
    heads: ['as sent', 'as signed'],
    rows: [
      ...(signed.primaryType === sent.primaryType ? [] : [row('type', sent.primaryType, signed.primaryType)]),
      ...signed.differs.map((field) => row(field, sent[field], signed[field])),
    ],
    short: false,
  }
}

function domainTable(signed: DomainReport, expected: DomainReport, { payment, evm }: EvmDiagnosis): Block {
  const cells = (['name', 'version', 'chainId', 'verifyingContract', 'salt', 'separator'] as const)
    .map((field) => ({ label: field, left: cell(field, signed[field]), right: cell(field, expected[field]) }))
    .filter(({ left, right }) => left !== '' || right !== '')
  const first = cells.find(({ left, right }) => !sameText(left, right))
  const recovered = evm.signer === null ? 'no key' : `${evm.signer} (not from)`
  return {
    role: 'table',
    heads: ['signed under', expectedBy(payment, evm)],
    rows: [
      ...cells.map((each) => ({ ...each, differs: !sameText(each.left, each.right), mark: each === first })),
      { label: 'recovers to', left: `${payment.from} = from`, right: recovered, differs: true, mark: false },
    ],
    short: true,
  }
}

function expectedBy({ network }: EvmDiagnosis['payment'], { rail, token: { domain } }: EvmReport): string {
  if (rail === 'circle-gateway') return 'Circle Gateway expects'
  return domain?.from === 'claim' ? 'the payload says' : `${network ?? 'the token'} expects`
}

function cell(field: string, value: string | undefined): string {
  if (value === undefined) return ''
  return field === 'name' || field === 'version' ? `"${value}"` : value
}

function sameText(a: string, b: string): boolean {
  return a === b || (a.startsWith('0x') && a.toLowerCase() === b.toLowerCase())
}

/** Where what is known of the token comes from, so that nobody takes a claim for knowledge. */
function knownFrom({ domain, units }: EvmReport['token']): string {
  const from = (each: NonNullable<typeof domain>): string =>
    ({ registry: 'the registry', chain: 'the chain', artifact: 'its artifact', user: 'you', claim: "the payload's own claim" })[each.from]
  const its = domain === null ? 'nothing' : `${from(domain)}: ${domain.says}`
  if (units === null) return `domain: ${its}; decimals: nobody told, so that amounts are atomic units`
  return domain !== null && domain.from === units.from ? its : `domain: ${its}; decimals: ${from(units)}`
}

function replayed({ replay, verdict, payment, settlement, answer }: EvmDiagnosis): Row[] {
  const [asIs, withFix] = replay?.runs ?? []
  if (replay === null || asIs === undefined) return []
  const amount = ({ transferred }: typeof asIs): string => (transferred === null ? 'nothing' : amountText(transferred, payment))
  const says =
    asIs.outcome === 'settled'
      ? `settles: transfers ${amount(asIs)}, gas ${asIs.gasUsed ?? '?'}`
      : (asIs.revert ?? 'reverts without a reason')
  const speaker = replay.code.kind === 'stand-in' ? 'Our stand-in says' : 'Token says'
  const rows: Row[] = [
    { label: asIs.outcome === 'settled' ? 'Replayed' : speaker, text: `${says} · at ${timeOf(asIs.at)} on ${replay.chain}` },
    ...(asIs.tokenSays === null ? [] : [{ label: 'The token itself', text: `words it ${asIs.tokenSays}` }]),
  ]
  // What would be if it had not been settled helps nobody, and what somebody says stopped it was not replayed.
  if (verdict !== 'fails' || withFix === undefined || settlement !== null || answer?.relation === 'names-cause') return rows
  const what = withFix.outcome === 'settled' ? `settles: transfers ${amount(withFix)}` : (withFix.revert ?? 'reverts')
  const how = [...withFix.without.map((each) => `without this: ${each}`), ...withFix.interventions]
  return [...rows, { label: 'With the fix', text: `${what} · ${how.join('; ')}` }]
}

/** The facts of the chain that people ask for first; all of them are in the JSON. */
const headlineFacts = [
  ['payer.balance', "payer's balance"],
  ['payer.code', "payer's code"],
  ['nonce.used', 'nonce used'],
  ['token.paused', 'paused'],
  ['simulated', 'simulated transfer'],
  ['token.hashed', 'token hashed'],
] as const

function sayChain({ source, kind, says, facts }: ChainReport, payment: EvmDiagnosis['payment']): string {
  if (kind !== 'read') return `${source}: ${says}`
  const shown = headlineFacts.flatMap(([name, label]) => {
    const found = facts.find(({ fact }) => fact === name)
    // Few RPCs trace, so that this one is worth no word where it is unknown.
    if (found === undefined || (name === 'token.hashed' && found.says === null)) return []
    const value = found.says ?? 'unknown'
    return [`${label} ${name === 'payer.balance' && /^\d+$/.test(value) ? amountText(value, payment) : value}`]
  })
  return `${shown.join(', ')} · ${says}, read from ${source}`
}

function readAs({ payment, evm }: EvmDiagnosis): string {
  const where = payment.network ?? (evm.chainId === null ? 'no network named' : `chain ${evm.chainId}`)
  return (
    shortenAll(`${payment.recognised}, ${where}: `) +
    `${amountText(payment.value, payment)} from ${shorten(payment.from)} to ${shorten(payment.to)}`
  )
}

function amountText(value: string, { decimals, symbol }: EvmDiagnosis['payment']): string {
  return amountOf(value, decimals, symbol ?? 'tokens', `${value} atomic units`)
}
