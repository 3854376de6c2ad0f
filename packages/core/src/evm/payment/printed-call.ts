import { sameAddress } from '../../bytes/address.ts'
import type { NetworkClaim, WireContext } from '../../wire/context.ts'
import type { Json, JsonObject } from '../../wire/json.ts'
import { isNumber } from '../../wire/json.ts'
import type { Span } from '../../wire/place.ts'
import { refuse, unreadable } from '../../wire/refusal.ts'
import { toldAround } from '../../wire/told-around.ts'
import { type AbiArguments, calledIn, findAbiArguments } from './abi-order.ts'
import { brokenBytes, readTransactionObject } from './chain-bytes.ts'
import type { Draft } from './draft.ts'
import { readAddress } from './field.ts'
import { decimalsOf } from './network-claims.ts'
import type { TokenCall } from './payment.ts'
import { readAuthorization, readSignature } from './signed-authorization.ts'
import { paymentSelectors } from './token-call.ts'

/** A payment's call, and where in the text it is shown. */
interface PrintedCall {
  readonly found: Draft
  readonly span: Span
}

/** A payment's call in a text that shows its arguments one by one: an explorer's words, or the values as a library or a tool prints them. */
export function readPrintedCall(text: string, context: WireContext): PrintedCall | undefined {
  return readWords(text, context) ?? readArguments(text, context)
}

/** Calldata among lines that say where it was sent: what cast, viem and explorers print of a transaction. */
export function readCallAmong(data: string, text: string, { findings }: WireContext): Draft | undefined {
  const around = new Map(toldAround(text.replace(data, ' ')))
  const call = readTransactionObject(new Map<string, Json>([...around, ['data', data]]), [])
  if (call === undefined) return undefined
  // "to" beside a payment is as often the payee.
  const to = readAddress(around.get('to'))
  if (to.ok && sameAddress(to.value, call.authorization.to)) around.delete('to')
  return readTransactionObject(new Map<string, Json>([...around, ['data', data]]), findings)
}

function networkTold(around: JsonObject): NetworkClaim[] {
  const name = around.get('chain')
  return typeof name === 'string' && !around.has('chainId') ? [{ field: 'network', name, party: 'facilitator' }] : []
}

/** `MethodID: 0xe3ee160e` and a line `[0]: word` for each word, as Etherscan shows calldata; cast has `[000]:`, `[020]:` and may leave the selector out. */
function readWords(text: string, context: WireContext): PrintedCall | undefined {
  const words = [...text.matchAll(wordLine)]
  if (words.length === 0) return undefined
  const [, selector] = /Method(?: ?I[Dd])?["']?[ \t]*[:=]?[ \t]*(?:0x)?([0-9a-fA-F]{8})(?![0-9a-fA-F])/.exec(text) ?? []
  const called = calledIn(text)
  let digits =
    selector ?? (called === undefined ? '' : paymentSelectors[called][/\bbytes(?: \w+)?\)/.test(text) ? 'bytes' : 'vrs'].slice(2))
  if (digits === '') return undefined
  const isOffset = /^0[0-9a-f]{2}$/i.test(words[0]?.[1] ?? '')
  let rest = ''
  for (const [count, [, index = '', word = '', dots = '']] of words.entries()) {
    const row = isOffset ? Number.parseInt(index, 16) / 32 : Number(index)
    if (row !== count) {
      const what =
        row > count ? `[${isOffset ? (32 * count).toString(16).padStart(3, '0') : count}] is missing` : `[${index}] is not in its order`
      throw refuse(unreadable(`calldata in words, of which ${what}`, 'all of them in their order', 'copy the whole data field of the call'))
    }
    digits += word
    rest = dots
    if (dots !== '') break
  }
  const broken = brokenBytes(digits, rest === '' ? '' : 'dots')
  if (broken !== undefined) throw refuse(broken)
  const found = readCallAmong(`0x${digits.length % 2 === 0 ? digits : digits.slice(0, -1)}`, text, context)
  if (found === undefined) return undefined
  const last = words.at(-1)
  const span = { text, start: words[0]?.index ?? 0, end: (last?.index ?? 0) + (last?.[0].length ?? 0) }
  return { found: { ...found, recognised: found.recognised.replace(/^transaction object with /, 'words of ') }, span }
}

const wordLine = /^[ \t]*\[([0-9a-fA-F]{1,4})\]:?[ \t]*(?:0x)?([0-9a-fA-F]{1,64})(?![0-9a-fA-F])(\.{2,}|…)?/gm

function readArguments(text: string, context: WireContext): PrintedCall | undefined {
  const result = findAbiArguments(text)
  if (result.kind === 'none') return undefined
  if (result.kind === 'refused') throw refuse(result.refusal)
  const { start, end } = result.found
  return { found: draftOf(result.found, text, context), span: { text, start, end } }
}

function draftOf(found: AbiArguments, text: string, context: WireContext): Draft {
  const { findings, keys, networks, chosen } = context
  const { values, overload, start, end } = found
  const around = toldAround(`${text.slice(Math.max(0, start - 8_000), start)}\n${text.slice(end, end + 8_000)}`)
  const chainId = around.get('chainId')
  const claims: NetworkClaim[] = [
    ...(typeof chainId === 'string' ? [{ field: 'chainId', name: String(Number(chainId)), party: 'facilitator' as const }] : []),
    ...networkTold(around),
  ]
  // A trace and a call in source have the contract in front of the function.
  const called = /(0x[0-9a-fA-F]{40})(?:::|\.)(?:transfer|receive)WithAuthorization\W{1,4}$/.exec(
    text.slice(Math.max(0, start - 80), start),
  )?.[1]
  const told = readAddress(called ?? around.get('to'))
  const payee = readAddress(values.get('to'))
  const token = told.ok && !(payee.ok && sameAddress(told.value, payee.value)) ? told.value : undefined
  const decimals = decimalsOf(token, [...chosen, ...claims], networks)
  // What a tool prints of a call's arguments are numbers, whatever was in the payload.
  const authorization = readAuthorization(values, keys, decimals, findings, new Set(['number', 'bigint', 'hex', 'padded']))
  const signature = readSignature(values.get('signature') ?? values, context)
  const sender = readAddress(around.get('from'))
  const name = found.function ?? 'transferWithAuthorization'
  const transaction: TokenCall['transaction'] = {
    ...(token === undefined ? {} : { to: token }),
    ...(sender.ok && !sameAddress(sender.value, authorization.from) ? { sender: sender.value } : {}),
    ...(typeof chainId === 'string' ? { chainId: Number(chainId) } : {}),
  }
  if (found.function === undefined) noteNameless(values, findings)
  return {
    family: 'evm',
    rail: 'eip3009',
    form: 'calldata',
    recognised: `${found.function === undefined ? `${overload === 'vrs' ? 'nine' : 'seven'} values in the order of ${name}'s arguments` : `the arguments of ${name}`}, as they were printed`,
    primaryType: name === 'receiveWithAuthorization' ? 'ReceiveWithAuthorization' : 'TransferWithAuthorization',
    authorization,
    signature,
    networks: claims,
    tokens: token === undefined ? [] : [{ field: 'address', address: token }],
    call: {
      function: name,
      selector: paymentSelectors[name][overload],
      overload,
      ...(Object.keys(transaction).length === 0 ? {} : { transaction }),
    },
  }
}

function noteNameless(values: ReadonlyMap<string, Json>, findings: WireContext['findings']): void {
  const from = values.get('from')
  const seen = typeof from === 'string' ? from : isNumber(from) ? from.digits : 'the first'
  const summary =
    'No function is named beside the values: they are taken for the arguments of transferWithAuthorization, which have its order.'
  findings.push({
    cause: 'malformed-field',
    party: 'nobody',
    severity: 'info',
    field: 'input',
    summary,
    evidence: [
      {
        source: 'payload',
        says: `The values begin with ${seen}, and neither transferWithAuthorization nor receiveWithAuthorization stands beside them.`,
      },
    ],
    fix: 'Paste the name of the function with its arguments, if it was receiveWithAuthorization.',
  })
}
