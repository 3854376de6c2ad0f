import {
  type Address,
  concat,
  getAddress,
  type Hex,
  hashDomain,
  hashMessage,
  hashStruct,
  hashTypedData,
  keccak256,
  numberToHex,
  pad,
  toHex,
} from 'viem'
import { privateKeyToAccount, sign } from 'viem/accounts'
import type { Truth } from '../pairs/faults.ts'
import { chainId, eurc, type Message, type Token, usdc } from './chain.ts'

/** Public test keys (the numbers 1 and 2): nobody's money. */
const payerKey: Hex = pad('0x01')
const strangerKey: Hex = pad('0x02')
const owner = privateKeyToAccount(payerKey).address

/** The moment at which all is told, unix seconds. */
export const now = 1_790_000_000n
export const asked = 20_000n
export const payee: Address = '0x209693Bc6afc0C5328bA36FaF03C514EF312287C'
const wrongPayee: Address = getAddress(pad('0xbad0', { size: 20 }))
/** Whoever is paid by the authorization that has the same nonce. */
const sibling: Address = getAddress(pad('0x51b0', { size: 20 }))
export const wallet: Address = getAddress(pad('0x3a11e7', { size: 20 }))
export const payer: Address = owner

/**
 * A wallet of one owner: ERC-1271's magic value for 65 bytes of its key, and 0 for anything else. It copies digest, v, r and s, calls ecrecover, and
 * compares what comes back.
 */
export const walletCode = concat([
  '0x600435600052', // digest
  '0x60a43560f81c602052', // v
  '0x606435604052', // r
  '0x608435606052', // s
  '0x602060806080600060015afa50', // ecrecover
  '0x60805173',
  owner,
  '0x14631626ba7e60e01b0260005260206000f3', // 0x1626ba7e, times whether it is the owner
])

export type Position = (typeof positions)[number]
export const positions = ['not-yet', 'open', 'last', 'closed', 'long'] as const

/** First and last: strict on both sides, as FiatToken is. */
const windows = {
  'not-yet': [600n, 1200n],
  open: [-600n, 600n],
  last: [-600n, 5n],
  closed: [-600n, -10n],
  long: [-6000n, -1800n],
} as const satisfies Record<Position, readonly [bigint, bigint]>

export interface Domain {
  readonly name: string
  readonly version: string
  readonly chainId: number
  readonly verifyingContract: Address
}

export interface Signing {
  domain: Domain
  primaryType: 'TransferWithAuthorization' | 'ReceiveWithAuthorization'
  message: Message
  key: Hex
  prefixed: boolean
}

/** A payment on its way to be broken. */
interface Draft {
  signed: Signing
  /** What of the message is sent otherwise than it was signed. */
  sent: Partial<Message>
  bytes: (signature: Hex) => Hex
  /** What the payload says that was accepted. */
  accepted: Token
}

/** Something that a chain has against a payment. */
export type Trouble =
  | 'unfunded'
  | 'paused'
  | 'payer-listed'
  | 'payee-listed'
  | 'delegated'
  | 'deployed'
  | 'undeployed'
  | 'paid'
  | 'sibling'
  | 'half-paid'
  | 'canceled'

interface Fault {
  /** Two faults of one group exclude each other. */
  readonly group: string
  readonly draft?: (draft: Draft) => void
  readonly trouble?: Trouble
}

const signs = (group: string, change: (signed: Signing) => void): Fault => ({ group, draft: ({ signed }) => change(signed) })
const message = (group: string, change: (message: Message) => Partial<Message>): Fault =>
  signs(group, (signed) => {
    signed.message = { ...signed.message, ...change(signed.message) }
  })
const domain = (group: string, change: Partial<Domain>): Fault =>
  signs(group, (signed) => {
    signed.domain = { ...signed.domain, ...change }
  })
const altered = (field: keyof Message, change: (message: Message) => Partial<Message>): Fault => ({
  group: `altered ${field}`,
  draft: (draft) => {
    draft.sent = { ...draft.sent, ...change(draft.signed.message) }
  },
})
const bytes = (change: (signature: Hex) => Hex): Fault => ({
  group: 'bytes',
  draft: (draft) => {
    draft.bytes = change
  },
})
const trouble = (group: string, what: Trouble): Fault => ({ group, trouble: what })

const curveOrder = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const partsOf = (signature: Hex): { readonly r: Hex; readonly s: bigint; readonly v: number } => ({
  r: `0x${signature.slice(2, 66)}`,
  s: BigInt(`0x${signature.slice(66, 130)}`),
  v: Number.parseInt(signature.slice(130), 16),
})
const word = (value: bigint): Hex => numberToHex(value, { size: 32 })

const domainOf = ({ address, domain: { name, version } }: Token): Domain => ({ name, version, chainId, verifyingContract: address })

export const faults = {
  'amount-low': message('amount', () => ({ value: asked / 2n })),
  'amount-high': message('amount', () => ({ value: asked + asked / 2n })),
  'amount-units': message('amount', () => ({ value: asked * 1_000_000n })),
  recipient: message('recipient', () => ({ to: wrongPayee })),
  'asset-signed': signs('contract', (signed) => {
    signed.domain = domainOf(eurc)
  }),
  'asset-accepted': {
    group: 'contract',
    draft: (draft) => {
      draft.signed.domain = domainOf(eurc)
      draft.accepted = eurc
    },
  },
  contract: domain('contract', { verifyingContract: eurc.address }),
  'chain-id': domain('chain', { chainId: 84532 }),
  name: domain('name', { name: 'USDC' }),
  version: domain('version', { version: '1' }),
  receive: signs('type', (signed) => {
    signed.primaryType = 'ReceiveWithAuthorization'
  }),
  'altered-value': altered('value', ({ value }) => ({ value: value * 10n })),
  'altered-to': altered('to', () => ({ to: wrongPayee })),
  'altered-before': altered('validBefore', ({ validBefore }) => ({ validBefore: validBefore + 3600n })),
  'altered-before-past': altered('validBefore', () => ({ validBefore: now - 60n })),
  'altered-after': altered('validAfter', () => ({ validAfter: 0n })),
  'altered-nonce': altered('nonce', ({ nonce }) => ({ nonce: keccak256(nonce) })),
  'high-s': bytes((signature) => {
    const { r, s, v } = partsOf(signature)
    return concat([r, word(curveOrder - s), v === 27 ? '0x1c' : '0x1b'])
  }),
  'v-0-or-1': bytes((signature) => `${signature.slice(0, 130)}0${partsOf(signature).v - 27}` as Hex),
  compact: bytes((signature) => {
    const { r, s, v } = partsOf(signature)
    return concat([r, word(s | (BigInt(v - 27) << 255n))])
  }),
  'other-key': signs('key', (signed) => {
    signed.key = strangerKey
  }),
  prefixed: signs('prefix', (signed) => {
    signed.prefixed = true
  }),
  unfunded: trouble('funds', 'unfunded'),
  paused: trouble('pause', 'paused'),
  'payer-listed': trouble('payer list', 'payer-listed'),
  'payee-listed': trouble('payee list', 'payee-listed'),
  delegated: trouble('account', 'delegated'),
  wallet: trouble('account', 'deployed'),
  'undeployed-wallet': trouble('account', 'undeployed'),
  'already-paid': trouble('nonce', 'paid'),
  'nonce-sibling': trouble('nonce', 'sibling'),
  'nonce-half-paid': trouble('nonce', 'half-paid'),
  canceled: trouble('nonce', 'canceled'),
} as const satisfies Record<string, Fault>

export type FaultId = keyof typeof faults
export const faultIds = Object.keys(faults) as readonly FaultId[]

/** Another authorization of a part of this price is none at another token. */
const apart: readonly (readonly [string, FaultId])[] = [['contract', 'nonce-half-paid']]

export const fitTogether = (one: FaultId, other: FaultId): boolean =>
  faults[one].group !== faults[other].group && !apart.some(([group, id]) => faults[one].group === group && other === id)

/** One payment as it was signed, as it is sent, and as its payer knows it. */
export interface Payment {
  readonly from: Address
  readonly signed: Readonly<Signing>
  /** The signature as the key made it. */
  readonly signature: Hex
  readonly sent: { readonly message: Message; readonly signature: Hex }
  readonly accepted: Token
  readonly troubles: readonly Trouble[]
}

/** What is asked for in every scenario. */
export const offered = usdc

const members = [
  { name: 'from', type: 'address' },
  { name: 'to', type: 'address' },
  { name: 'value', type: 'uint256' },
  { name: 'validAfter', type: 'uint256' },
  { name: 'validBefore', type: 'uint256' },
  { name: 'nonce', type: 'bytes32' },
] as const
const domainMembers = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
] as const

const digestOf = ({ domain: of, primaryType, message: signed }: Signing): Hex =>
  hashTypedData({ domain: of, types: { [primaryType]: members }, primaryType, message: { ...signed } })

/** What was signed, so that a search need not recover a key for each guess. */
export function truthOf({ signed }: Payment): Truth {
  const digest = digestOf(signed)
  // Over a prefix no separator and no struct make the digest.
  if (signed.prefixed)
    return { separator: toHex(1n, { size: 32 }), structHash: toHex(2n, { size: 32 }), digest: hashMessage({ raw: digest }) }
  const { domain: of, primaryType, message: data } = signed
  return {
    separator: hashDomain({ domain: { ...of, chainId: BigInt(of.chainId) }, types: { EIP712Domain: domainMembers } }),
    structHash: hashStruct({ data: { ...data }, primaryType, types: { [primaryType]: members } }),
    digest,
  }
}

async function signatureOf(signing: Signing): Promise<Hex> {
  const hash = digestOf(signing)
  return sign({ hash: signing.prefixed ? hashMessage({ raw: hash }) : hash, privateKey: signing.key, to: 'hex' })
}

export async function broken(ids: readonly FaultId[], position: Position): Promise<Payment> {
  const chosen: readonly Fault[] = ids.map((id) => faults[id])
  const troubles = chosen.flatMap(({ trouble: each }) => each ?? [])
  const from = troubles.some((each) => each === 'deployed' || each === 'undeployed') ? wallet : payer
  const [opens, closes] = windows[position]
  const draft: Draft = {
    signed: {
      domain: domainOf(offered),
      primaryType: 'TransferWithAuthorization',
      message: {
        from,
        to: payee,
        value: asked,
        validAfter: now + opens,
        validBefore: now + closes,
        nonce: keccak256(toHex('the first nonce')),
      },
      key: payerKey,
      prefixed: false,
    },
    sent: {},
    bytes: (signature) => signature,
    accepted: offered,
  }
  // What is changed after signing starts from what was signed.
  for (const { draft: change, group } of chosen) if (!group.startsWith('altered')) change?.(draft)
  for (const { draft: change, group } of chosen) if (group.startsWith('altered')) change?.(draft)
  const signature = await signatureOf(draft.signed)
  return {
    from,
    signed: draft.signed,
    signature,
    sent: { message: { ...draft.signed.message, ...draft.sent }, signature: draft.bytes(signature) },
    accepted: draft.accepted,
    troubles,
  }
}

/** What a payer signs who does everything right. */
export async function signedRight(from: Address, nonce: Hex, time: bigint): Promise<Payment> {
  return signedFor(from, { to: payee, value: asked, nonce, validAfter: time - 60n, validBefore: time + 900n })
}

async function signedFor(from: Address, fields: Omit<Message, 'from'>, token: Token = offered): Promise<Payment> {
  const signed: Signing = {
    domain: domainOf(token),
    primaryType: 'TransferWithAuthorization',
    message: { from, ...fields },
    key: payerKey,
    prefixed: false,
  }
  const signature = await signatureOf(signed)
  return { from, signed, signature, sent: { message: signed.message, signature }, accepted: offered, troubles: [] }
}

export async function cancellation(token: Token, authorizer: Address, nonce: Hex): Promise<Hex> {
  const hash = hashTypedData({
    domain: domainOf(token),
    types: {
      CancelAuthorization: [
        { name: 'authorizer', type: 'address' },
        { name: 'nonce', type: 'bytes32' },
      ],
    },
    primaryType: 'CancelAuthorization',
    message: { authorizer, nonce },
  })
  return sign({ hash, privateKey: payerKey, to: 'hex' })
}

/** The body that a facilitator gets. */
export function bodyOf({ sent: { message: sent, signature }, accepted }: Payment): object {
  const offer = ({ address, domain: extra }: Token): object => ({
    scheme: 'exact',
    network: `eip155:${chainId}`,
    amount: String(asked),
    asset: address,
    payTo: payee,
    maxTimeoutSeconds: 300,
    extra,
  })
  const authorization = {
    ...sent,
    value: String(sent.value),
    validAfter: String(sent.validAfter),
    validBefore: String(sent.validBefore),
  }
  const resource = { url: 'https://api.example.com/weather', description: 'weather', mimeType: 'application/json' }
  return {
    x402Version: 2,
    paymentPayload: { x402Version: 2, resource, accepted: offer(accepted), payload: { signature, authorization } },
    paymentRequirements: offer(offered),
  }
}

/** Another authorization under the same nonce, which pays somebody else. */
export const siblingOf = (payment: Payment, at: bigint): Promise<Payment> => besides(payment, sibling, asked, at)

/** The same, for a part of what is asked, to the same payee. */
export const half = (payment: Payment, at: bigint): Promise<Payment> => besides(payment, payee, asked / 2n, at)

function besides({ from, signed }: Payment, to: Address, value: bigint, at: bigint): Promise<Payment> {
  const token = signed.domain.verifyingContract === eurc.address ? eurc : usdc
  return signedFor(from, { to, value, nonce: signed.message.nonce, validAfter: at - 600n, validBefore: at + 600n }, token)
}
