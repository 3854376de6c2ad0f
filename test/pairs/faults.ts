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
  readonly message: Message
  /** Members that are named otherwise, and which of the six values they hold. */
  readonly names: Record<string, keyof Message>
}

/** A pseudo-random number from 0 to 1, the same in each run (mulberry32). */
function randomFrom(seed: number): () => number {
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

function diceFrom(seed: number): Dice {
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

const saltOf = (chainId: number | bigint): Hex => pad(numberToHex(chainId))

const places: readonly Place[] = [
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

const renamed = (draft: Draft, from: keyof Message, to: string): void => {
  draft.members = draft.members.map((member) => (member.name === from ? { ...member, name: to } : member))
  draft.names[to] = from
}

const parts = (signature: Hex): { r: bigint; s: bigint; v: number } => ({
  r: BigInt(`0x${signature.slice(2, 66)}`),
  s: BigInt(`0x${signature.slice(66, 130)}`),
  v: Number(`0x${signature.slice(130)}`),
})
const word = (number: bigint): string => number.toString(16).padStart(64, '0')
const isWhole = (signature: Hex): boolean => signature.length === 132
/** The other parity, in the form that v is in. */
const flipped = (v: number): string => (v < 27 ? 1 - v : 55 - v).toString(16).padStart(2, '0')

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
  domainFault('chain-as-salt', 'nonstandard-domain-layout', (domain) => {
    const { chainId, salt } = domain
    if (salt !== undefined) domain.chainId = BigInt(salt)
    else if (chainId !== undefined) domain.salt = saltOf(chainId)
    delete domain[salt === undefined ? 'chainId' : 'salt']
  }),
  domainFault('chain-twice', 'nonstandard-domain-layout', (domain) => {
    if (domain.chainId !== undefined) domain.salt = saltOf(domain.chainId)
    else if (domain.salt !== undefined) domain.chainId = BigInt(domain.salt)
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
    isWhole(signature) && parts(signature).v >= 27 ? `0x${signature.slice(2, 130)}0${parts(signature).v - 27}` : undefined,
  ),
  bytesFault('v-flipped', 'v-flipped', (signature) =>
    isWhole(signature) ? `0x${signature.slice(2, 130)}${flipped(parts(signature).v)}` : undefined,
  ),
  bytesFault('high-s', 'high-s', (signature) => {
    const { r, s, v } = parts(signature)
    return isWhole(signature) ? `0x${word(r)}${word(curveOrder - s)}${flipped(v)}` : undefined
  }),
  bytesFault('compact', 'compact-eip2098', (signature) => {
    const { r, s, v } = parts(signature)
    // The top bit of s is the parity's: a high s has no such form.
    return isWhole(signature) && s >> 255n === 0n ? `0x${word(r)}${word(s | (BigInt(v % 27) << 255n))}` : undefined
  }),
  // Of a signature whose v is 27 these bytes are its compact form, too: nobody can tell.
  bytesFault('v-lost', 'signature-length', (signature) =>
    isWhole(signature) && [1, 28].includes(parts(signature).v) ? `0x${signature.slice(2, 130)}` : undefined,
  ),
  bytesFault('parts-swapped', 'signature-byte-order', (signature) => {
    if (!isWhole(signature)) return `0x${signature.slice(66, 130)}${signature.slice(2, 66)}`
    return `0x${signature.slice(66, 130)}${signature.slice(2, 66)}${signature.slice(130)}`
  }),
  bytesFault('bytes-behind', 'signature-length', (signature, dice) => `${signature}${'00'.repeat(1 + dice.below(3))}`),
  bytesFault('twice', 'signature-length', (signature) => `${signature}${signature.slice(2)}`),
  bytesFault('hex-of-hex', 'signature-length', (signature) => `0x${Buffer.from(signature).toString('hex')}`),
]

/** A payment as it is sent, and what is wrong with it. */
export interface Broken {
  readonly name: string
  /** JSON, as a facilitator gets it. */
  readonly payload: object
  /** Each cause that is in it, with the member where a member of the message was signed otherwise: `message-altered of value`. */
  readonly causes: readonly string[]
  /** What was signed. */
  readonly truth: Truth
}

/** Why there is no payment with these faults that could be told from another. */
export interface LeftOut {
  readonly leftOut:
    | 'one fault hides the other'
    | 'one other fault makes it, too'
    | 'both are in one value'
    | 'no signer signs it'
    | 'not of these bytes'
}

/** The hashes of what was signed, by viem and by ethers. */
export interface Truth {
  readonly separator: Hex
  readonly structHash: Hex
  readonly digest: Hex
}

/** Breaks a payment and signs what is left of it. */
export async function broken(chosen: readonly Fault[], seed: number): Promise<Broken | LeftOut> {
  const dice = diceFrom(seed)
  const place = places[seed % places.length] as Place
  const key = keccak256(numberToHex(seed, { size: 32 }))
  const sent = sentBy(getAddress(new Wallet(key).address), seed, dice)
  const right: Domain = place.salted
    ? { name: place.name, version: place.version, verifyingContract: place.address, salt: saltOf(place.chainId) }
    : { name: place.name, version: place.version, chainId: BigInt(place.chainId), verifyingContract: place.address }
  /** Each fault throws its own dice, so that alone it does what it does beside another. */
  const drafted = (some: readonly Fault[]): Draft => {
    const draft: Draft = {
      place,
      domain: { ...right },
      primaryType: 'TransferWithAuthorization',
      members: usual,
      message: { ...sent },
      names: {},
    }
    for (const fault of some) fault.draft?.(draft, diceFrom(seed + 7919 * (1 + faults.indexOf(fault))))
    return draft
  }
  const draft = drafted(chosen)
  const drafts = chosen.filter((fault) => fault.draft !== undefined)
  // What is signed with both is what is signed with one of them, or with none: nobody can tell that there were two.
  if (drafts.some((fault) => isSame(draft, drafted(drafts.filter((each) => each !== fault)))))
    return { leftOut: 'one fault hides the other' }
  const changedIn = (message: Message): (keyof Message)[] =>
    (Object.keys(sent) as (keyof Message)[]).filter((each) => sent[each] !== message[each])
  const members = changedIn(draft.message)
  const domainCauses = causesOfDomain(right, draft.domain, place)
  const asked = (area: Area): readonly Fault[] => chosen.filter((fault) => fault.area === area)
  // Two faults in one member, or of the struct's name, make one other value, as one other fault makes it.
  const touched = asked('message').flatMap((fault) => changedIn(drafted([fault]).message))
  if (touched.length > new Set(touched).size) return { leftOut: 'both are in one value' }
  if (asked('domain').some(({ cause }) => !domainCauses.includes(cause))) return { leftOut: 'both are in one value' }
  if (asked('type').some(({ id }) => id === 'receive') && draft.primaryType !== 'ReceiveWithAuthorization')
    return { leftOut: 'both are in one value' }
  if (!fits(draft)) return { leftOut: 'no signer signs it' }

  const { signature: good, truth } = await signed(draft, key, seed % 2 === 0)
  let signature = good
  for (const { bytes } of chosen) {
    if (bytes === undefined) continue
    const other = bytes(signature, diceFrom(seed + 7919 * (1 + faults.findIndex((each) => each.bytes === bytes))))
    if (other === undefined || other === good) return { leftOut: 'not of these bytes' }
    signature = other
  }
  const alone = faults.map((fault) => fault.bytes?.(good, diceFrom(seed + 7919 * (1 + faults.indexOf(fault)))))
  if (asked('bytes').length > 1 && alone.includes(signature)) return { leftOut: 'one other fault makes it, too' }
  return {
    name: `${chosen.map(({ id }) => id).join(' + ')} on ${place.network} (${seed})`,
    payload: payloadOf(sent, signature, place, dice),
    causes: [
      ...new Set([
        ...domainCauses,
        ...asked('type').map(({ cause }) => cause),
        ...members.map((member) => `message-altered of ${member}`),
        ...asked('bytes').map(({ cause }) => cause),
      ]),
    ].sort(),
    truth,
  }
}

/** What is sent, before anything goes wrong with it. */
function sentBy(from: Address, seed: number, { below, pick }: Dice): Message {
  const hash = (what: string): Hex => keccak256(new TextEncoder().encode(`${what} ${seed}`))
  const validAfter = 1_795_000_000n + BigInt(below(1_000_000))
  return {
    from,
    to: getAddress(`0x${hash('payee').slice(26)}`),
    value: BigInt(1000 + below(9_000_000)),
    validAfter,
    validBefore: validAfter + BigInt(pick([60, 300, 600, 900, 3600])),
    nonce: hash('nonce'),
  }
}

function isSame(one: Draft, other: Draft): boolean {
  const text = (value: unknown): string =>
    JSON.stringify(value, (_, each: unknown) => {
      if (typeof each === 'bigint') return String(each)
      return each !== null && typeof each === 'object' && !Array.isArray(each) ? Object.entries(each).sort() : each
    })
  return text(one) === text(other)
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
function fits({ members, message, names }: Draft): boolean {
  return members.every(({ name, type }) => {
    const bits = /^uint(\d+)$/.exec(type)?.[1]
    return bits === undefined || BigInt(message[names[name] ?? (name as keyof Message)]) < 2n ** BigInt(bits)
  })
}

/** Signs by viem or by ethers, once both agree on what is signed. */
async function signed(
  { domain, primaryType, members, message, names }: Draft,
  key: Hex,
  byViem: boolean,
): Promise<{ readonly signature: Hex; readonly truth: Truth }> {
  const types = { [primaryType]: members.map(({ name, type }) => ({ name, type })) }
  const values = Object.fromEntries(
    members.map(({ name, type }) => {
      const value = message[names[name] ?? (name as keyof Message)]
      return [name, /^uint\d+$/.test(type) ? BigInt(value) : value]
    }),
  )
  const domainTypes = { name: 'string', version: 'string', chainId: 'uint256', verifyingContract: 'address', salt: 'bytes32' }
  const EIP712Domain = Object.entries(domainTypes).flatMap(([name, type]) =>
    domain[name as keyof Domain] === undefined ? [] : [{ name, type }],
  )
  const digest = hashTypedData({ domain, types: { ...types, EIP712Domain }, primaryType, message: values } as never)
  const agreed = TypedDataEncoder.hash(domain, types, values)
  if (digest !== agreed) throw new RangeError(`viem and ethers disagree: ${digest}, ${agreed}`)
  const truth: Truth = {
    separator: TypedDataEncoder.hashDomain(domain) as Hex,
    structHash: TypedDataEncoder.hashStruct(primaryType, types, values) as Hex,
    digest,
  }
  const signature = byViem
    ? await sign({ hash: digest, privateKey: key, to: 'hex' })
    : ((await new Wallet(key).signTypedData(domain, types, values)) as Hex)
  return { signature, truth }
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
