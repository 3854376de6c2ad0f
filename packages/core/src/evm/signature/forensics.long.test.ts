import fc from 'fast-check'
import {
  type Address,
  bytesToHex,
  concatHex,
  encodeAbiParameters,
  type Hex,
  hashMessage,
  hashTypedData,
  hexToBytes,
  IntegerOutOfRangeError,
  keccak256,
  numberToHex,
  pad,
  sha256,
  stringToBytes,
  toHex,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { base } from '../../networks/base.ts'
import { builtInNetworks } from '../../networks/networks.ts'
import { optimism } from '../../networks/optimism.ts'
import type { Payment } from '../payment/payment.ts'
import type { Authorization } from '../typed-data/authorization.ts'
import { examineSignature, type SignatureEvidence } from './forensics.ts'
import { type GeneratorId, generatorIds, generators } from './generators.ts'
import type { SignatureHints } from './hints.ts'
import { createKernel } from './kernel/create.ts'
import { searchSignature } from './search-signature.ts'

const kernel = createKernel()
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

type Key = keyof Authorization

interface Member {
  readonly key: Key
  readonly name: string
  readonly type: string
  /** Where it is not the authorization's own value. */
  readonly value?: (signed: Authorization) => unknown
}

/** What is signed and what is sent; a breaker changes one of the two, viem signs, and nothing of ours takes part. */
interface Plan {
  privateKey: Hex
  domain: { name?: string; version?: string; chainId?: number; verifyingContract?: Address; salt?: Hex }
  domainFields: readonly { readonly name: string; readonly type: string }[] | undefined
  struct: string
  members: readonly Member[]
  signed: Authorization
  payload: Authorization
  /** Instead of viem's typed-data hash. */
  digest: (plan: Plan) => Hex
  bytes: (signature: Hex) => Hex
  requirements: Payment['requirements']
  hints: SignatureHints
}

interface Expected {
  readonly cause: string
  readonly field: string
  readonly signed?: string
}

/** Breaks the plan in one way and says what should be found. `pick` chooses at random. */
type Breaker = (plan: Plan, pick: <T>(items: readonly T[]) => T) => Expected | readonly Expected[]

const standardMembers: readonly Member[] = [
  { key: 'from', name: 'from', type: 'address' },
  { key: 'to', name: 'to', type: 'address' },
  { key: 'value', name: 'value', type: 'uint256' },
  { key: 'validAfter', name: 'validAfter', type: 'uint256' },
  { key: 'validBefore', name: 'validBefore', type: 'uint256' },
  { key: 'nonce', name: 'nonce', type: 'bytes32' },
]

const domainTypes = { name: 'string', version: 'string', chainId: 'uint256', verifyingContract: 'address', salt: 'bytes32' } as const

function typedData(plan: Plan) {
  const fields =
    plan.domainFields ??
    (Object.keys(domainTypes) as (keyof typeof domainTypes)[])
      .filter((name) => plan.domain[name] !== undefined)
      .map((name) => ({ name, type: domainTypes[name] }))
  return {
    domain: plan.domain,
    types: { EIP712Domain: fields, [plan.struct]: plan.members.map(({ name, type }) => ({ name, type })) },
    primaryType: plan.struct,
    message: Object.fromEntries(plan.members.map(({ key, name, value }) => [name, value?.(plan.signed) ?? plan.signed[key]])),
  }
}

const typedDigest = (plan: Plan): Hex => hashTypedData(typedData(plan) as never)

/** The two halves of the digest by viem, for the digests that are not EIP-712's. */
function halves(plan: Plan): { separator: Hex; struct: Hex } {
  const separator = keccak256(
    encodeAbiParameters(
      [{ type: 'bytes32' }, { type: 'bytes32' }, { type: 'bytes32' }, { type: 'uint256' }, { type: 'address' }],
      [
        keccak256(stringToBytes('EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)')),
        keccak256(stringToBytes(plan.domain.name ?? '')),
        keccak256(stringToBytes(plan.domain.version ?? '')),
        BigInt(plan.domain.chainId ?? 0),
        plan.domain.verifyingContract ?? '0x',
      ],
    ),
  )
  return { separator, struct: structHash(plan, typeString(plan, ',')) }
}

function typeString({ struct, members }: Plan, comma: string): string {
  return `${struct}(${members.map(({ name, type }) => `${type} ${name}`).join(comma)})`
}

function structHash({ members, signed }: Plan, type: string): Hex {
  return keccak256(
    encodeAbiParameters(
      [{ type: 'bytes32' }, ...members.map((member) => ({ type: member.type }))],
      [keccak256(stringToBytes(type)), ...members.map(({ key, value }) => value?.(signed) ?? signed[key])],
    ),
  )
}

const altered = (plan: Plan, key: Key, value: bigint | string): Expected => {
  plan.signed = { ...plan.signed, [key]: value }
  return { cause: 'message-altered', field: `authorization.${key}`, signed: String(value) }
}

const bytesOf =
  (cause: string, bytes: Plan['bytes']) =>
  (plan: Plan): Expected => {
    plan.bytes = bytes
    return { cause, field: cause === 'high-s' ? 'signature.s' : cause.startsWith('v-') ? 'signature.v' : 'signature' }
  }

const r = (signature: Hex): string => signature.slice(2, 66)
const s = (signature: Hex): string => signature.slice(66, 130)
const v = (signature: Hex): number => Number.parseInt(signature.slice(130), 16)
const joined = (...parts: (string | number)[]): Hex =>
  `0x${parts.map((part) => (typeof part === 'number' ? part.toString(16).padStart(2, '0') : part)).join('')}`
const reverse = (digits: string): string => (digits.match(/../g) ?? []).reverse().join('')

function der(digits: string): string {
  const short = digits.replace(/^(00)+/, '')
  const positive = Number.parseInt(short.slice(0, 2), 16) > 127 ? `00${short}` : short
  return `02${(positive.length / 2).toString(16).padStart(2, '0')}${positive}`
}

const breakers: Record<GeneratorId, Breaker> = {
  'domain-name': (plan, pick) => {
    const name = pick([
      'USDC',
      'usd coin',
      'USD  Coin',
      'USD Coin ',
      'USD\u00a0Coin',
      'USDCoin',
      'Bridged USDC',
      'USD Coin (PoS)',
      'USDC.e',
      'U\u0405D Coin',
      'Tether USD',
      'USD Con',
      '',
    ])
    plan.domain = { ...plan.domain, name }
    return { cause: 'domain-name-mismatch', field: 'domain.name', signed: name }
  },
  'domain-version': (plan, pick) => {
    const version = pick(['1', '3', '2.2', 'v2', '1.0.0', ''])
    plan.domain = { ...plan.domain, version }
    return { cause: 'domain-version-mismatch', field: 'domain.version', signed: version }
  },
  'domain-chain-id': (plan, pick) => {
    // Other networks, retired and mistaken ones, a local chain, and 8453 read as hex.
    const chainId = pick([84532, 1, 10, 137, 44787, 998, 713715, 84531, 80001, 31337, 42161, 0x8453])
    plan.domain = { ...plan.domain, chainId }
    return { cause: 'chain-id-mismatch', field: 'domain.chainId', signed: String(chainId) }
  },
  'domain-contract': (plan, pick) => {
    const verifyingContract = pick<Address>([
      '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
      '0x0000000000000000000000000000000000000000',
      '0x2Ce6311ddAE708829bc0784C967b7d77D19FD779',
      '0xd9aAEc86B65D86f6A7B5B1b0c42FFA531710b6CA',
      '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48',
      '0x77777777Dcc4d5A8B6E418Fd04D8997ef11000eE',
      plan.payload.to,
    ])
    plan.domain = { ...plan.domain, verifyingContract }
    return { cause: 'verifying-contract-mismatch', field: 'domain.verifyingContract', signed: verifyingContract }
  },
  'domain-token': (plan, pick) => {
    const [domain, causes] = pick([
      [
        { name: 'GatewayWalletBatched', version: '1', chainId: 8453, verifyingContract: '0x77777777Dcc4d5A8B6E418Fd04D8997ef11000eE' },
        ['name', 'version', 'verifyingContract'],
      ],
      [{ ...plan.domain, chainId: 10, verifyingContract: optimism.usdc.address }, ['chainId', 'verifyingContract']],
      [
        { name: 'USDC', version: '2', chainId: 84532, verifyingContract: '0x036CbD53842c5426634e7929541eC2318f3dCF7e' },
        ['name', 'chainId', 'verifyingContract'],
      ],
    ] as const)
    plan.domain = domain
    // An authorization alone may as well be meant for Gateway, whose domain it then fits: only an offer says that the token was.
    plan.requirements = { ...plan.requirements, extra: { name: 'USD Coin', version: '2' } }
    const mismatch = {
      name: 'domain-name-mismatch',
      version: 'domain-version-mismatch',
      chainId: 'chain-id-mismatch',
      verifyingContract: 'verifying-contract-mismatch',
    }
    return causes.map((field) => ({ cause: mismatch[field], field: `domain.${field}`, signed: String(domain[field]) }))
  },
  'domain-empty': (plan) => {
    plan.domain = {}
    return { cause: 'eip712domain-type-missing', field: 'domain' }
  },
  'domain-subset': (plan, pick) => {
    const field = pick(['name', 'version', 'chainId', 'verifyingContract'] as const)
    const { [field]: _left, ...rest } = plan.domain
    plan.domain = rest
    return { cause: 'domain-field-missing', field: `domain.${field}` }
  },
  'domain-layout': (plan, pick) => {
    if (pick([true, false])) {
      const { chainId = 0, ...rest } = plan.domain
      plan.domain = { ...rest, salt: numberToHex(chainId, { size: 32 }) }
    } else {
      const names = pick([
        ['name', 'version', 'verifyingContract', 'chainId'],
        ['chainId', 'name', 'version', 'verifyingContract'],
      ] as const)
      plan.domainFields = names.map((name) => ({ name, type: domainTypes[name] }))
    }
    return { cause: 'nonstandard-domain-layout', field: 'domain' }
  },
  'primary-type': (plan, pick) => {
    plan.struct = pick(['ReceiveWithAuthorization', 'CancelAuthorization'])
    if (plan.struct === 'CancelAuthorization') {
      plan.members = [
        { key: 'from', name: 'authorizer', type: 'address' },
        { key: 'nonce', name: 'nonce', type: 'bytes32' },
      ]
    }
    return { cause: 'primary-type-mismatch', field: 'primaryType', signed: plan.struct }
  },
  permit: (plan, pick) => {
    const count = BigInt(pick([0, 1, 2, 7, 23]))
    plan.struct = 'Permit'
    plan.members = [
      { key: 'from', name: 'owner', type: 'address' },
      { key: 'to', name: 'spender', type: 'address' },
      { key: 'value', name: 'value', type: 'uint256' },
      { key: 'nonce', name: 'nonce', type: 'uint256', value: () => count },
      { key: 'validBefore', name: 'deadline', type: 'uint256' },
    ]
    return { cause: 'primary-type-mismatch', field: 'primaryType', signed: 'Permit' }
  },
  'struct-types': (plan, pick) => {
    const [at, type] = pick([
      [2, 'uint128'],
      [3, 'uint64'],
      [4, 'uint48'],
      [5, 'uint256'],
      [5, 'string'],
      [5, 'bytes'],
    ] as const)
    const alike = at === 3 || at === 4
    plan.members = plan.members.map((member, index) => {
      if (index !== at && !(alike && (index === 3 || index === 4))) return member
      return { ...member, type, ...(type === 'uint256' && index === 5 ? { value: (signed: Authorization) => BigInt(signed.nonce) } : {}) }
    })
    return { cause: 'struct-type-mismatch', field: 'types.TransferWithAuthorization', signed: typeString(plan, ',') }
  },
  'struct-order': (plan, pick) => {
    const places = pick([
      [0, 1, 2, 5, 3, 4],
      [1, 0, 2, 3, 4, 5],
      [5, 4, 3, 2, 1, 0],
      [2, 0, 1, 3, 5, 4],
    ] as const)
    plan.members = places.flatMap((place) => standardMembers[place] ?? [])
    return { cause: 'struct-type-mismatch', field: 'types.TransferWithAuthorization', signed: typeString(plan, ',') }
  },
  'struct-names': (plan, pick) => {
    if (pick([true, false])) {
      plan.struct = pick(['Transfer', 'TransferAuthorization', 'transferWithAuthorization'])
    } else {
      const [key, name] = pick([
        ['value', 'amount'],
        ['to', 'payTo'],
        ['validBefore', 'deadline'],
        ['from', 'owner'],
      ] as const)
      plan.members = plan.members.map((member) => (member.key === key ? { ...member, name } : member))
    }
    return { cause: 'struct-type-mismatch', field: 'types.TransferWithAuthorization', signed: typeString(plan, ',') }
  },
  offer: (plan, pick) => {
    const amount = plan.payload.value + 12_345_677n
    const payTo = '0x209693Bc6afc0C5328bA36FaF03C514EF312287C'
    plan.requirements = { amount, payTo, maxTimeoutSeconds: 4321 }
    return pick([
      () => altered(plan, 'value', amount),
      () => altered(plan, 'to', payTo),
      () => altered(plan, 'validBefore', plan.payload.validAfter + 4321n + 600n),
    ])()
  },
  'value-scaled': (plan, pick) => altered(plan, 'value', plan.payload.value * 10n ** pick([1n, 2n, 6n, 12n, 18n])),
  'value-round': (plan, pick) => altered(plan, 'value', pick([10n, 2500n, 40_000n, 990_000n, 1_000_000n, 0n])),
  'time-unit': (plan, pick) => {
    const key = pick(['validAfter', 'validBefore'] as const)
    return altered(plan, key, plan.payload[key] * 1000n)
  },
  'time-swapped': (plan) => [altered(plan, 'validAfter', plan.payload.validBefore), altered(plan, 'validBefore', plan.payload.validAfter)],
  'time-constant': (plan, pick) =>
    altered(plan, pick(['validAfter', 'validBefore']), pick([0n, 2n ** 256n - 1n, 2n ** 48n - 1n, 2n ** 53n - 1n])),
  'time-rounded': (plan, pick) => {
    const key = pick(['validAfter', 'validBefore'] as const)
    const unit = pick([60n, 600n, 1000n, 3600n])
    const rounded = (plan.payload[key] / unit) * unit
    return altered(plan, key, rounded === plan.payload[key] ? rounded + unit : rounded)
  },
  'time-shifted': (plan, pick) => {
    const distance = pick([1n, -1n, 17n, -200n, 333n, 599n, 3600n, -7200n])
    if (pick([true, false])) return altered(plan, 'validBefore', plan.payload.validBefore + distance)
    return [
      altered(plan, 'validAfter', plan.payload.validAfter + distance),
      altered(plan, 'validBefore', plan.payload.validBefore + distance),
    ]
  },
  'digit-changed': (plan, pick) => {
    const key = pick(['value', 'validAfter', 'validBefore'] as const)
    const digits = [...String(plan.payload[key])]
    const at = pick([...digits.keys()])
    digits[at] = String((Number(digits[at]) + pick([1, 3, 7])) % 10)
    return altered(plan, key, BigInt(digits.join('')))
  },
  'digit-inserted': (plan, pick) => {
    const key = pick(['value', 'validAfter', 'validBefore'] as const)
    const digits = [...String(plan.payload[key])]
    digits.splice(pick([...digits.keys()]) + 1, 0, pick(['0', '4', '9']))
    return altered(plan, key, BigInt(digits.join('')))
  },
  'digit-lost': (plan, pick) => {
    const key = pick(['validAfter', 'validBefore'] as const)
    const digits = [...String(plan.payload[key])]
    digits.splice(pick([...digits.keys()]), 1)
    return altered(plan, key, BigInt(digits.join('')))
  },
  'address-swapped': (plan) => {
    // The payee's and the payer's address changed places in the payload; who signed is the one that was signed for.
    const { from, to } = plan.signed
    plan.payload = { ...plan.payload, from: to, to: from }
    return [
      { cause: 'message-altered', field: 'authorization.from', signed: from },
      { cause: 'message-altered', field: 'authorization.to', signed: to },
    ]
  },
  'address-other': (plan, pick) => {
    const other = pick<Address>([
      '0x0000000000000000000000000000000000000000',
      base.usdc.address,
      '0x1111111111111111111111111111111111111111',
    ])
    plan.hints = { ...plan.hints, accounts: [{ address: '0x1111111111111111111111111111111111111111', label: 'the relayer' }] }
    return altered(plan, 'to', other)
  },
  'address-digit': (plan, pick) => {
    const digits = [...plan.payload.to.toLowerCase().slice(2)]
    const at = pick([...digits.keys()])
    digits[at] = ((Number.parseInt(digits[at] ?? '0', 16) + pick([1, 5, 15])) % 16).toString(16)
    const to = privateKeyChecksum(`0x${digits.join('')}`)
    return altered(plan, 'to', to)
  },
  'nonce-bytes': (plan, pick) => {
    const { nonce } = plan.payload
    const short: Hex = `0x${nonce.slice(2, 34)}`
    return pick([
      () => altered(plan, 'nonce', joined(reverse(nonce.slice(2)))),
      () => altered(plan, 'nonce', keccak256(stringToBytes(nonce))),
      () => altered(plan, 'nonce', keccak256(nonce)),
      () => altered(plan, 'nonce', sha256(stringToBytes(nonce.slice(2)))),
      () => {
        // 16 bytes, filled up behind by the one and in front by the other.
        plan.payload = { ...plan.payload, nonce: pad(short, { size: 32 }) }
        return altered(plan, 'nonce', pad(short, { size: 32, dir: 'right' }))
      },
    ])()
  },
  'nonce-known': (plan) => {
    const nonce = keccak256(plan.payload.nonce.replace('0x', '0xff') as Hex)
    plan.hints = { ...plan.hints, nonces: [nonce] }
    return altered(plan, 'nonce', nonce)
  },
  'nonce-digit': (plan, pick) => {
    const digits = [...plan.payload.nonce.slice(2)]
    const at = pick([...digits.keys()])
    digits[at] = ((Number.parseInt(digits[at] ?? '0', 16) + pick([1, 8, 15])) % 16).toString(16)
    return altered(plan, 'nonce', joined(...digits))
  },
  'personal-sign': (plan, pick) => {
    const digest = plan.digest
    const text = pick([true, false])
    plan.digest = (each) => hashMessage(text ? digest(each) : { raw: digest(each) })
    return { cause: 'message-prefixed', field: 'digest' }
  },
  'personal-sign-json': (plan, pick) => {
    const form = pick([
      () => JSON.stringify(jsonMessage(plan, String)),
      () => JSON.stringify(jsonMessage(plan, Number)),
      () => JSON.stringify({ ...jsonTypedData(plan), message: jsonMessage(plan, String) }),
      () => JSON.stringify(jsonMessage(plan, String), undefined, 2),
    ])
    plan.digest = () => hashMessage(form())
    return { cause: 'message-prefixed', field: 'digest' }
  },
  'prefix-missing': (plan, pick) => {
    const alone = pick([true, false])
    plan.digest = (each) => (alone ? halves(each).struct : keccak256(concatHex([halves(each).separator, halves(each).struct])))
    return { cause: 'message-prefixed', field: 'digest' }
  },
  'hashed-again': (plan, pick) => {
    const hash = pick([keccak256, sha256])
    plan.digest = (each) => hash(typedDigest(each))
    return { cause: 'message-prefixed', field: 'digest' }
  },
  'v-form': (plan, pick) => {
    const from = pick([0, 35, 35 + 2 * 8, 4])
    // 4 and 5 say nothing about the parity; from 35 on EIP-155 does.
    return bytesOf('v-0-or-1', (signature) => joined(r(signature), s(signature), from + v(signature) - 27))(plan)
  },
  's-negated': bytesOf('high-s', (signature) =>
    joined(r(signature), (order - BigInt(`0x${s(signature)}`)).toString(16).padStart(64, '0'), 55 - v(signature)),
  ),
  'v-flipped': bytesOf('v-flipped', (signature) => joined(r(signature), s(signature), 55 - v(signature))),
  compact: (plan) =>
    bytesOf('compact-eip2098', (signature) =>
      joined(r(signature), (BigInt(`0x${s(signature)}`) | (v(signature) === 28 ? 2n ** 255n : 0n)).toString(16).padStart(64, '0')),
    )(plan),
  'v-lost': bytesOf('signature-length', (signature) => joined(r(signature), s(signature))),
  'bytes-around': (plan, pick) => {
    const change = pick<(signature: Hex) => Hex>([
      (signature) => joined(signature.slice(2), '00'),
      (signature) => joined(signature.slice(2), 'deadbeef'),
      (signature) => joined('ffff', signature.slice(2)),
      (signature) => joined(signature.slice(2), signature.slice(2)),
    ])
    return bytesOf('signature-length', change)(plan)
  },
  'bytes-lost': bytesOf('signature-length', (signature) =>
    r(signature).startsWith('00')
      ? joined(r(signature).slice(2), s(signature), v(signature))
      : joined(r(signature), s(signature).slice(2), v(signature)),
  ),
  'text-encoded': (plan, pick) => {
    const text = pick<(signature: Hex) => string>([
      (signature) => signature,
      (signature) => signature.slice(2),
      (signature) => Buffer.from(hexToBytes(signature)).toString('base64'),
    ])
    return bytesOf('signature-length', (signature) => toHex(text(signature)))(plan)
  },
  'words-encoded': (plan, pick) => {
    const encode = pick<(signature: Hex) => Hex>([
      (signature) => encodeAbiParameters([{ type: 'bytes' }], [signature]),
      (signature) => joined(r(signature), s(signature), v(signature).toString(16).padStart(64, '0')),
      (signature) => joined(v(signature).toString(16).padStart(64, '0'), r(signature), s(signature)),
    ])
    return bytesOf('signature-length', encode)(plan)
  },
  'parts-swapped': (plan, pick) => {
    const swap = pick<(signature: Hex) => Hex>([
      (signature) => joined(s(signature), r(signature), v(signature)),
      (signature) => joined(v(signature), r(signature), s(signature)),
    ])
    return bytesOf('signature-byte-order', swap)(plan)
  },
  'parts-reversed': bytesOf('signature-byte-order', (signature) => joined(reverse(r(signature)), reverse(s(signature)), v(signature))),
  der: (plan, pick) => {
    const withV = pick([true, false])
    return bytesOf('signature-byte-order', (signature) => {
      const body = der(r(signature)) + der(s(signature))
      return joined(`30${(body.length / 2).toString(16)}`, body, withV ? v(signature) : '')
    })(plan)
  },
  wrapper: (plan, pick) => {
    const wrap = pick<(signature: Hex) => Hex>([
      (signature) =>
        concatHex([
          encodeAbiParameters(
            [{ type: 'address' }, { type: 'bytes' }, { type: 'bytes' }],
            ['0x0BA5ED0c6AA8c49038F819E587E2633c4A9F428a', '0x3ffba36f', signature],
          ),
          `0x${'6492'.repeat(16)}`,
        ]),
      (signature) =>
        encodeAbiParameters(
          [
            {
              type: 'tuple',
              components: [
                { type: 'uint256', name: 'ownerIndex' },
                { type: 'bytes', name: 'signatureData' },
              ],
            },
          ],
          [{ ownerIndex: 0n, signatureData: signature }],
        ),
      (signature) => joined('00', signature.slice(2)),
      (signature) => joined('01', '845adb2c711129d4f3966735ed98a9f09fc4ce57', signature.slice(2)),
    ])
    return bytesOf('smart-wallet-signature', wrap)(plan)
  },
}

/** What has to be true of a signature before it can be broken so: seen by a bit, or by a byte, that half or one in 128 of them has. */
const needs: Partial<Record<GeneratorId, (signature: Hex) => boolean>> = {
  'v-lost': (signature) => v(signature) === 28,
  compact: (signature) => v(signature) === 28,
  'bytes-lost': (signature) => r(signature).startsWith('00') || s(signature).startsWith('00'),
}

const privateKeyChecksum = (address: Hex): Address => {
  const hash = keccak256(stringToBytes(address.slice(2))).slice(2)
  return `0x${[...address.slice(2)].map((digit, at) => (Number.parseInt(hash[at] ?? '0', 16) > 7 ? digit.toUpperCase() : digit)).join('')}`
}

const jsonMessage = ({ signed }: Plan, number: (value: bigint) => string | number) => ({
  from: signed.from,
  to: signed.to,
  value: number(signed.value),
  validAfter: number(signed.validAfter),
  validBefore: number(signed.validBefore),
  nonce: signed.nonce,
})

const jsonTypedData = (plan: Plan) => {
  const { types, domain, primaryType } = typedData(plan)
  return { types, domain, primaryType }
}

/** Random authorizations of random public test keys, and numbers to choose by. */
const plans = fc
  .record({
    key: fc.bigInt({ min: 1n, max: 2n ** 128n }),
    to: fc.uint8Array({ minLength: 20, maxLength: 20 }),
    value: fc.oneof(fc.bigInt({ min: 11n, max: 99_999_999n }), fc.bigInt({ min: 10n ** 9n, max: 10n ** 14n })),
    opens: fc.bigInt({ min: 1_700_000_000n, max: 1_900_000_000n }),
    length: fc.bigInt({ min: 61n, max: 9_000n }),
    nonce: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    choices: fc.array(fc.nat(), { minLength: 16, maxLength: 16 }),
  })
  .map(({ key, to, value, opens, length, nonce, choices }): { readonly plan: Plan; readonly choices: readonly number[] } => {
    const privateKey = numberToHex(key, { size: 32 })
    const authorization: Authorization = {
      from: privateKeyToAccount(privateKey).address,
      to: privateKeyChecksum(bytesToHex(to)),
      // Whatever is derived from it (a digit, a factor) shall differ from it.
      value: value * 10n + 7n,
      validAfter: opens,
      validBefore: opens + length,
      nonce: bytesToHex(nonce.map((byte) => byte | 0x10)),
    }
    return {
      plan: {
        privateKey,
        domain: { name: 'USD Coin', version: '2', chainId: 8453, verifyingContract: base.usdc.address },
        domainFields: undefined,
        struct: 'TransferWithAuthorization',
        members: standardMembers,
        signed: authorization,
        payload: authorization,
        digest: typedDigest,
        bytes: (signature) => signature,
        requirements: undefined,
        hints: {},
      },
      choices,
    }
  })

/** Breaks a plan by some generators, signs what is to be signed, and gives the payment as it would be sent. */
async function broken(ids: readonly GeneratorId[], start: Plan, choices: readonly number[]) {
  // Another nonce and another value (a Permit has no nonce of ours) make another signature, until it has what the breakers need.
  for (let count = 0n; ; count++) {
    const varied = { nonce: numberToHex(BigInt(start.payload.nonce) ^ count, { size: 32 }), value: start.payload.value + 10n * count }
    const plan = { ...start, signed: { ...start.signed, ...varied }, payload: { ...start.payload, ...varied } }
    let at = 0
    const pick = <T>(items: readonly T[]): T => items[(choices[at++ % choices.length] ?? 0) % items.length] as T
    const expected = ids.flatMap((id) => breakers[id](plan, pick))
    const good = await privateKeyToAccount(plan.privateKey).sign({ hash: plan.digest(plan) })
    if (ids.some((id) => needs[id]?.(good) === false)) continue
    return { payment: paymentOf(plan, plan.bytes(good)), good, expected, hints: plan.hints }
  }
}

function paymentOf({ payload, requirements }: Plan, signature: Hex): Payment {
  return {
    family: 'evm',
    rail: 'eip3009',
    payerClaims: [],
    form: 'authorization-and-signature',
    recognised: 'a test payment',
    networkName: 'base',
    network: base,
    chainId: 8453,
    token: base.usdc.address,
    primaryType: 'TransferWithAuthorization',
    authorization: payload,
    signature,
    findings: [],
    ...(requirements === undefined ? {} : { requirements }),
  }
}

/** The first answer names all that was done and nothing else, and its signature is the one that viem made. */
function expectFound({ matches, ended }: SignatureEvidence, expected: readonly Expected[], good: Hex): void {
  expect(ended).toBe('found')
  const [match] = matches
  const found = match?.edits.map(({ cause, field, signed }) => ({ cause, field, signed })) ?? []
  const wanted = expected.map(({ cause, field, signed }) =>
    expect.objectContaining(signed === undefined ? { cause, field } : { cause, field, signed }),
  )
  expect(found).toEqual(expect.arrayContaining(wanted))
  expect(found).toHaveLength(expected.length)
  expect(match?.signature).toBe(good)
}

describe('every generator: what it breaks is named by its cause, field and value', () => {
  it.each(generatorIds)('%s', async (id) => {
    await fc.assert(
      fc.asyncProperty(plans, async ({ plan, choices }) => {
        const { payment, good, expected, hints } = await broken([id], plan, choices)
        const evidence = examineSignature(payment, builtInNetworks, { kernel, hints })
        expectFound(evidence, expected, good)
        if (id !== 'domain-token') expect(evidence.matches[0]?.edits[0]?.cause).toBe(generators[id].cause)
      }),
      { numRuns: id === 'bytes-lost' ? 1 : 2 },
    )
  })
})

/** Generators with so many values that two of them together are a search of minutes. */
const long: readonly GeneratorId[] = [
  'time-shifted',
  'address-digit',
  'nonce-digit',
  'value-round',
  'struct-order',
  'digit-changed',
  'digit-inserted',
]

const area = (id: GeneratorId): string => {
  const { cause } = generators[id]
  if (id.startsWith('domain')) return 'domain'
  if (cause === 'primary-type-mismatch' || cause === 'struct-type-mismatch') return 'type'
  return cause === 'message-altered' || cause === 'message-prefixed' ? cause : 'bytes'
}

/** Pairs that can be told apart: of different areas, or changes of different members. Domain first, bytes last. */
const pairs = generatorIds.flatMap((first, at) =>
  generatorIds.slice(at + 1).flatMap((second): (readonly [GeneratorId, GeneratorId])[] => {
    if (area(first) === area(second) && area(first) !== 'message-altered') return []
    if (long.includes(first) && long.includes(second)) return []
    // The breakers of these sign the plain message, or hash the plain domain, whatever else was broken.
    if (['personal-sign-json', 'prefix-missing'].includes(second) && ['domain', 'type'].includes(area(first))) return []
    if (first === 'address-swapped' && area(second) === 'message-prefixed') return []
    return [[first, second]]
  }),
)

describe('pairs of generators: both are named', () => {
  // The same sample each time: about one pair in fifty is further away than this search goes, which no run is to find out by chance.
  it('any two of a sample, asked for by name, but for one in thirty', async () => {
    const missed: unknown[] = []
    let found = 0
    for (const [{ plan, choices }, ids] of fc.sample(fc.tuple(plans, fc.constantFrom(...pairs)), { numRuns: 40, seed: 3009 })) {
      // A value beyond its member's type is one that no signer signs.
      const made = await broken(ids, plan, choices).catch((error: unknown) => {
        if (error instanceof IntegerOutOfRangeError) return undefined
        throw error
      })
      if (made === undefined || !isSensible(made.expected)) continue
      const { payment, good, expected, hints } = made
      const evidence = await searchSignature(payment, builtInNetworks, { kernel, hints, only: ids, maxHypotheses: 1_000_000 })
      if (evidence.matches.length === 0) {
        missed.push(ids)
        continue
      }
      expectFound(evidence, expected, good)
      found++
    }
    expect(missed.length * 30, JSON.stringify(missed)).toBeLessThanOrEqual(found + missed.length)
    expect(found).toBeGreaterThan(20)
  })
})

/** Not sensible: a member with two values, or a change of what is not signed at all. */
function isSensible(expected: readonly Expected[]): boolean {
  const fields = expected.map(({ field }) => field)
  const members = fields.filter((field) => field.startsWith('authorization.')).map((field) => field.slice(14))
  const types = expected.map(({ signed }) => signed)
  if (types.includes('CancelAuthorization') && members.some((member) => member !== 'nonce')) return false
  if (types.includes('Permit') && members.some((member) => member !== 'value' && member !== 'validBefore')) return false
  return new Set(fields).size === fields.length
}
