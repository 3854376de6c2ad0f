/**
 * Payments that are broken on purpose, in one place or in two, and what is wrong with them by this file's own words. What is signed is signed by viem
 * and ethers; nothing here is core's.
 */
import { TypedDataEncoder, Wallet } from 'ethers'
import { type Address, bytesToHex, getAddress, type Hex, hashTypedData, hexToBytes, keccak256, numberToHex, pad } from 'viem'
import { sign } from 'viem/accounts'

const curveOrder = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/** The token that a payment is for, as its chain has it. */
export interface Place {
  readonly network: string
  readonly chainId: number
  readonly address: Address
  readonly name: string
  readonly version: string
  /** The chain id stands in `salt`, as in Polygon's bridged USDC. */
  readonly salted?: true
}

export interface Domain {
  name?: string
  version?: string
  chainId?: bigint
  verifyingContract?: Address
  salt?: Hex
}

export interface Message {
  from: Address
  to: Address
  value: bigint
  validAfter: bigint
  validBefore: bigint
  nonce: Hex
}

interface Member {
  readonly name: string
  readonly type: string
}

/** What is signed, before a key is put to it. */
export interface Draft {
  readonly place: Place
  readonly domain: Domain
  primaryType: string
  members: readonly Member[]
  /** What goes into the struct, by the member's own name. */
  readonly message: Message
  /** What a member holds that is none of the six, or is written otherwise. */
  readonly more: Record<string, unknown>
}

/** A pseudo-random number from 0 to 1, the same in each run (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

export interface Dice {
  readonly below: (most: number) => number
  readonly pick: <T>(items: readonly T[]) => T
}

export function diceFrom(seed: number): Dice {
  const random = randomFrom(seed)
  const below = (most: number): number => Math.floor(random() * most)
  return { below, pick: (items) => items[below(items.length)] as (typeof items)[number] }
}

export type Area = 'domain' | 'type' | 'message' | 'bytes'

/** One thing that goes wrong. `undefined` where it can not go wrong with this payment. */
export interface Fault {
  readonly id: string
  readonly area: Area
  readonly cause: string
  /** Changes what is signed. */
  readonly draft?: (draft: Draft, dice: Dice) => void
  /** Changes the bytes of the good signature. */
  readonly bytes?: (signature: Hex, dice: Dice) => Hex | undefined
}

const usual: readonly Member[] = [
  { name: 'from', type: 'address' },
  { name: 'to', type: 'address' },
  { name: 'value', type: 'uint256' },
  { name: 'validAfter', type: 'uint256' },
  { name: 'validBefore', type: 'uint256' },
  { name: 'nonce', type: 'bytes32' },
]

const saltOf = (chainId: number): Hex => pad(numberToHex(chainId))

export const places: readonly Place[] = [
  { network: 'base', chainId: 8453, address: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913', name: 'USD Coin', version: '2' },
  { network: 'base-sepolia', chainId: 84532, address: '0x036CbD53842c5426634e7929541eC2318f3dCF7e', name: 'USDC', version: '2' },
  { network: 'polygon', chainId: 137, address: '0x3c499c542cEF5E3811e1192ce70d8cC03d5c3359', name: 'USD Coin', version: '2' },
  {
    network: 'polygon',
    chainId: 137,
    address: '0x2791Bca1f2de4661ED88A30C99A7a9449Aa84174',
    name: 'USD Coin (PoS)',
    version: '1',
    salted: true,
  },
  { network: 'avalanche', chainId: 43114, address: '0xB97EF9Ef8734C71904D8002F8b6Bc66Dd9c48a6E', name: 'USD Coin', version: '2' },
  { network: 'optimism', chainId: 10, address: '0x0b2C639c533813f4Aa9D7837CAf62653d097Ff85', name: 'USD Coin', version: '2' },
]

const domainFault = (id: string, cause: string, draft: (domain: Domain, draft: Draft, dice: Dice) => void): Fault => ({
  id,
  area: 'domain',
  cause,
  draft: (given, dice) => draft(given.domain, given, dice),
})

const messageFault = (id: string, draft: (message: Message, dice: Dice) => void): Fault => ({
  id,
  area: 'message',
  cause: 'message-altered',
  draft: (given, dice) => draft(given.message, dice),
})

const typeFault = (id: string, cause: string, draft: (draft: Draft, dice: Dice) => void): Fault => ({ id, area: 'type', cause, draft })

const bytesFault = (id: string, cause: string, bytes: Fault['bytes'] & object): Fault => ({ id, area: 'bytes', cause, bytes })

const otherDigit = (digits: string, at: number, dice: Dice): string => {
  const others = '0123456789abcdef'.replace(digits[at] ?? '', '')
  return digits.slice(0, at) + others[dice.below(15)] + digits.slice(at + 1)
}

const retyped = (draft: Draft, types: Readonly<Record<string, string>>): void => {
  draft.members = draft.members.map(({ name, type }) => ({ name, type: types[name] ?? type }))
}

const renamed = (draft: Draft, from: string, to: string): void => {
  draft.members = draft.members.map((member) => (member.name === from ? { ...member, name: to } : member))
  draft.more[to] = draft.message[from as keyof Message]
}

const parts = (signature: Hex): { r: bigint; s: bigint; v: number } => ({
  r: BigInt(`0x${signature.slice(2, 66)}`),
  s: BigInt(`0x${signature.slice(66, 130)}`),
  v: Number(`0x${signature.slice(130)}`),
})
const word = (number: bigint): string => number.toString(16).padStart(64, '0')
const isWhole = (signature: Hex): boolean => signature.length === 132

export const faults: readonly Fault[] = [
  domainFault('name-of-another-network', 'domain-name-mismatch', (domain) => {
    domain.name = domain.name === 'USDC' ? 'USD Coin' : 'USDC'
  }),
  domainFault('name-as-people-write-it', 'domain-name-mismatch', (domain, _, dice) => {
    domain.name = dice.pick(['usdc', 'usd coin', 'USDCoin', 'USDC.e', 'USD Coin ', 'USDbC', 'Usd Coin'])
  }),
  domainFault('version', 'domain-version-mismatch', (domain) => {
    domain.version = domain.version === '1' ? '2' : '1'
  }),
  domainFault('version-made-up', 'domain-version-mismatch', (domain, _, dice) => {
    domain.version = dice.pick(['3', '2.0', 'v2', '1.0'])
  }),
  domainFault('chain', 'chain-id-mismatch', (domain, { place }, dice) => {
    const chainId = dice.pick([1, 8453, 84532, 137, 43114, 11155111, 10].filter((each) => each !== place.chainId))
    if (place.salted) domain.salt = saltOf(chainId)
    else domain.chainId = BigInt(chainId)
  }),
  domainFault('contract-of-another-network', 'verifying-contract-mismatch', (domain, { place }, dice) => {
    domain.verifyingContract = dice.pick(places.filter(({ address }) => address !== place.address)).address
  }),
  domainFault('contract-payee', 'verifying-contract-mismatch', (domain, { message }) => {
    domain.verifyingContract = message.to
  }),
  domainFault('contract-zero', 'verifying-contract-mismatch', (domain) => {
    domain.verifyingContract = '0x0000000000000000000000000000000000000000'
  }),
  domainFault('field-left-out', 'domain-field-missing', (domain, _, dice) => {
    const fields = (['name', 'version', 'chainId', 'verifyingContract', 'salt'] as const).filter((each) => domain[each] !== undefined)
    delete domain[dice.pick(fields)]
  }),
  domainFault('chain-as-salt', 'nonstandard-domain-layout', (domain, { place }) => {
    if (place.salted) domain.chainId = BigInt(place.chainId)
    else domain.salt = saltOf(place.chainId)
    delete domain[place.salted ? 'salt' : 'chainId']
  }),
  domainFault('chain-twice', 'nonstandard-domain-layout', (domain, { place }) => {
    domain.chainId = BigInt(place.chainId)
    domain.salt = saltOf(place.chainId)
  }),
  domainFault('empty', 'eip712domain-type-missing', (domain) => {
    for (const field of ['name', 'version', 'chainId', 'verifyingContract', 'salt'] as const) delete domain[field]
  }),

  typeFault('receive', 'primary-type-mismatch', (draft) => {
    draft.primaryType = 'ReceiveWithAuthorization'
  }),
  typeFault('times-narrow', 'struct-type-mismatch', (draft, dice) => {
    const type = dice.pick(['uint64', 'uint48', 'uint32'])
    retyped(draft, { validAfter: type, validBefore: type })
  }),
  typeFault('value-narrow', 'struct-type-mismatch', (draft, dice) => retyped(draft, { value: dice.pick(['uint128', 'uint64']) })),
  typeFault('nonce-number', 'struct-type-mismatch', (draft) => retyped(draft, { nonce: 'uint256' })),
  typeFault('nonce-text', 'struct-type-mismatch', (draft) => retyped(draft, { nonce: 'string' })),
  typeFault('nonce-before-times', 'struct-type-mismatch', (draft) => {
    const [from, to, value, after, before, nonce] = draft.members
    draft.members = [from, to, value, nonce, after, before] as readonly Member[]
  }),
  typeFault('value-named-amount', 'struct-type-mismatch', (draft) => renamed(draft, 'value', 'amount')),
  typeFault('before-named-deadline', 'struct-type-mismatch', (draft) => renamed(draft, 'validBefore', 'deadline')),
  typeFault('struct-named-otherwise', 'struct-type-mismatch', (draft, dice) => {
    draft.primaryType = dice.pick(['TransferAuthorization', 'Authorization', 'transferWithAuthorization', 'Payment'])
  }),

  messageFault('value-of-18-decimals', (message) => {
    message.value *= 10n ** 12n
  }),
  messageFault('value-scaled', (message, dice) => {
    message.value *= 10n ** BigInt(1 + dice.below(5))
  }),
  messageFault('value-digit', (message, dice) => {
    const text = String(message.value)
    const at = dice.below(text.length)
    const other = (Number(text[at]) + 1 + dice.below(8)) % 10
    message.value = BigInt(text.slice(0, at) + (at === 0 && other === 0 ? 9 : other) + text.slice(at + 1))
  }),
  messageFault('value-round', (message, dice) => {
    message.value = BigInt(1 + dice.below(9)) * 10n ** BigInt(3 + dice.below(4))
  }),
  messageFault('before-in-milliseconds', (message) => {
    message.validBefore *= 1000n
  }),
  messageFault('times-in-milliseconds', (message) => {
    message.validAfter *= 1000n
    message.validBefore *= 1000n
  }),
  messageFault('after-zero', (message) => {
    message.validAfter = 0n
  }),
  messageFault('before-without-end', (message) => {
    message.validBefore = 2n ** 256n - 1n
  }),
  messageFault('times-swapped', (message) => {
    const { validAfter } = message
    message.validAfter = message.validBefore
    message.validBefore = validAfter
  }),
  messageFault('before-in-another-time-zone', (message, dice) => {
    message.validBefore += BigInt(3600 * (1 + dice.below(12)))
  }),
  messageFault('before-seconds-apart', (message, dice) => {
    message.validBefore += BigInt(1 + dice.below(10))
  }),
  messageFault('before-a-minute-apart', (message, dice) => {
    message.validBefore -= BigInt(11 + dice.below(50))
  }),
  messageFault('payee-payer', (message) => {
    message.to = message.from
  }),
  messageFault('payee-digit', (message, dice) => {
    message.to = getAddress(`0x${otherDigit(message.to.slice(2).toLowerCase(), dice.below(40), dice)}`)
  }),
  messageFault('nonce-reversed', (message) => {
    message.nonce = bytesToHex(hexToBytes(message.nonce).reverse())
  }),
  messageFault('nonce-hashed', (message) => {
    message.nonce = keccak256(message.nonce)
  }),
  messageFault('nonce-digit', (message, dice) => {
    message.nonce = `0x${otherDigit(message.nonce.slice(2), dice.below(64), dice)}`
  }),
  messageFault('nonce-next', (message) => {
    message.nonce = numberToHex((BigInt(message.nonce) + 1n) % 2n ** 256n, { size: 32 })
  }),

  bytesFault('v-0-or-1', 'v-0-or-1', (signature) =>
    isWhole(signature) ? `0x${signature.slice(2, 130)}0${parts(signature).v - 27}` : undefined,
  ),
  bytesFault('v-flipped', 'v-flipped', (signature) =>
    isWhole(signature) ? `0x${signature.slice(2, 130)}${(55 - parts(signature).v).toString(16)}` : undefined,
  ),
  bytesFault('high-s', 'high-s', (signature) => {
    const { r, s, v } = parts(signature)
    return `0x${word(r)}${word(curveOrder - s)}${(55 - v).toString(16)}`
  }),
  bytesFault('compact', 'compact-eip2098', (signature) => {
    const { r, s, v } = parts(signature)
    return `0x${word(r)}${word(s | (BigInt(v - 27) << 255n))}`
  }),
  // Of a signature whose v is 27 these bytes are its compact form, too: nobody can tell.
  bytesFault('v-lost', 'signature-length', (signature) => (parts(signature).v === 28 ? `0x${signature.slice(2, 130)}` : undefined)),
  bytesFault('parts-swapped', 'signature-byte-order', (signature) => {
    const { r, s, v } = parts(signature)
    return `0x${word(s)}${word(r)}${v.toString(16)}`
  }),
  bytesFault('bytes-behind', 'signature-length', (signature, dice) => `${signature}${'00'.repeat(1 + dice.below(3))}`),
  bytesFault('twice', 'signature-length', (signature) => `${signature}${signature.slice(2)}`),
  bytesFault('hex-of-hex', 'signature-length', (signature) => `0x${Buffer.from(signature).toString('hex')}`),
]

/** A payment as it is sent, and what is wrong with it. */
export interface Broken {
  readonly name: string
  readonly place: Place
  /** JSON, as a facilitator gets it. */
  readonly payload: object
  /** The causes that are in it; a pair can have one cause twice. */
  readonly causes: readonly string[]
  /** The members of the message that were signed otherwise. */
  readonly members: readonly string[]
}

/** Breaks a payment and signs what is left of it; undefined where two faults undo or exclude each other. */
export async function broken(chosen: readonly Fault[], seed: number): Promise<Broken | undefined> {
  const dice = diceFrom(seed)
  const place = places[seed % places.length] as Place
  const key = keccak256(numberToHex(seed, { size: 32 }))
  const from = getAddress(new Wallet(key).address)
  const hash = (what: string): Hex => keccak256(new TextEncoder().encode(`${what} ${seed}`))
  const sent: Message = {
    from,
    to: getAddress(`0x${hash('payee').slice(26)}`),
    value: BigInt(1000 + dice.below(9_000_000)),
    validAfter: 1_795_000_000n + BigInt(dice.below(1_000_000)),
    validBefore: 0n,
    nonce: hash('nonce'),
  }
  sent.validBefore = sent.validAfter + BigInt(dice.pick([60, 300, 600, 900, 3600]))
  const right: Domain = place.salted
    ? { name: place.name, version: place.version, verifyingContract: place.address, salt: saltOf(place.chainId) }
    : { name: place.name, version: place.version, chainId: BigInt(place.chainId), verifyingContract: place.address }
  const draft: Draft = {
    place,
    domain: { ...right },
    primaryType: 'TransferWithAuthorization',
    members: usual,
    message: { ...sent },
    more: {},
  }
  for (const fault of chosen) fault.draft?.(draft, dice)

  const members = (Object.keys(sent) as (keyof Message)[]).filter((each) => sent[each] !== draft.message[each])
  const domainCauses = causesOfDomain(right, draft.domain, place)
  const asked = (area: Area): readonly Fault[] => chosen.filter((fault) => fault.area === area)
  const undone =
    domainCauses.length < new Set(asked('domain').map(({ cause }) => cause)).size ||
    asked('domain').some(({ cause }) => !domainCauses.includes(cause)) ||
    members.length < asked('message').length
  if (undone || !fits(draft)) return undefined

  let signature = await signed(draft, key, seed % 2 === 0)
  for (const { bytes } of chosen) {
    if (bytes === undefined) continue
    const other = bytes(signature, dice)
    if (other === undefined) return undefined
    signature = other
  }
  return {
    name: `${chosen.map(({ id }) => id).join(' + ')} on ${place.network} (${seed})`,
    place,
    payload: payloadOf(sent, signature, place, dice),
    causes: [
      ...domainCauses,
      ...asked('type').map(({ cause }) => cause),
      ...members.map(() => 'message-altered'),
      ...asked('bytes').map(({ cause }) => cause),
    ],
    members,
  }
}

/** What differs between two domains, a field at a time. */
function causesOfDomain(right: Domain, signed: Domain, { chainId, salted }: Place): string[] {
  if (Object.values(signed).every((value) => value === undefined)) return ['eip712domain-type-missing']
  const out: string[] = []
  const other = { name: 'domain-name-mismatch', version: 'domain-version-mismatch', verifyingContract: 'verifying-contract-mismatch' }
  for (const field of ['name', 'version', 'verifyingContract'] as const) {
    if (signed[field] === undefined) out.push('domain-field-missing')
    else if (signed[field] !== right[field]) out.push(other[field])
  }
  const [own, foreign] = salted ? ([signed.salt, signed.chainId] as const) : ([signed.chainId, signed.salt] as const)
  if (foreign !== undefined) out.push('nonstandard-domain-layout')
  else if (own === undefined) out.push('domain-field-missing')
  for (const id of [own, foreign]) if (id !== undefined && BigInt(id) !== BigInt(chainId)) out.push('chain-id-mismatch')
  return [...new Set(out)]
}

/** Whether each value fits its member's type: a signer refuses what does not. */
function fits({ members, message, more }: Draft): boolean {
  return members.every(({ name, type }) => {
    const value = more[name] ?? message[name as keyof Message]
    const bits = /^uint(\d+)$/.exec(type)?.[1]
    return bits === undefined || BigInt(value as bigint) < 2n ** BigInt(bits)
  })
}

async function signed({ domain, primaryType, members, message, more }: Draft, key: Hex, byViem: boolean): Promise<Hex> {
  const types = { [primaryType]: members.map(({ name, type }) => ({ name, type })) }
  const values = { ...message, ...more }
  const chosen = Object.fromEntries(
    members.map(({ name, type }) => [name, type === 'uint256' && name === 'nonce' ? BigInt(message.nonce) : values[name as keyof Message]]),
  )
  if (!byViem) return (await new Wallet(key).signTypedData(domain, types, chosen)) as Hex
  const domainTypes = { name: 'string', version: 'string', chainId: 'uint256', verifyingContract: 'address', salt: 'bytes32' }
  const EIP712Domain = Object.entries(domainTypes).flatMap(([name, type]) =>
    domain[name as keyof Domain] === undefined ? [] : [{ name, type }],
  )
  const digest = hashTypedData({ domain, types: { ...types, EIP712Domain }, primaryType, message: chosen } as never)
  const agreed = TypedDataEncoder.hash(domain, types, chosen)
  if (digest !== agreed) throw new RangeError(`viem and ethers disagree: ${digest}, ${agreed}`)
  return sign({ hash: digest, privateKey: key, to: 'hex' })
}

/** The forms in which such a payment is sent. */
function payloadOf({ from, to, value, validAfter, validBefore, nonce }: Message, signature: Hex, place: Place, dice: Dice): object {
  const authorization = {
    from,
    to,
    value: String(value),
    validAfter: String(validAfter),
    validBefore: String(validBefore),
    nonce,
  }
  const offer = {
    scheme: 'exact',
    asset: place.address,
    payTo: to,
    maxTimeoutSeconds: 300,
    extra: { name: place.name, version: place.version },
  }
  switch (dice.below(3)) {
    case 0:
      return { network: place.network, asset: place.address, authorization, signature }
    case 1: {
      const accepted = { ...offer, network: `eip155:${place.chainId}`, amount: String(value) }
      return { x402Version: 2, accepted, payload: { signature, authorization } }
    }
    default: {
      const paymentRequirements = {
        ...offer,
        network: place.network,
        maxAmountRequired: String(value),
        resource: 'https://example.com',
        description: '',
        mimeType: '',
      }
      const paymentPayload = { x402Version: 1, scheme: 'exact', network: place.network, payload: { signature, authorization } }
      return { x402Version: 1, paymentPayload, paymentRequirements }
    }
  }
}
