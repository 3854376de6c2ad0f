import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { fromHex, writeHex } from '../../../bytes/bytes.ts'
import type { Address, Hex } from '../../../bytes/hex.ts'
import { keccak256 } from '../../../bytes/keccak.ts'
import { domainSeparator, type Eip712Domain } from '../../typed-data/domain.ts'
import { personalDigest, typedDigest } from '../digest-parts.ts'
import type { Wrapper } from './wrappers.ts'

/** What a wallet is asked about, and what its hash hangs on. */
export interface Asked {
  readonly digest: Uint8Array
  readonly wallet: Address
  readonly chainId: bigint
  /** Of an ERC-7739 signature: what the application's typed data was. */
  readonly nested?: { readonly separator: Hex; readonly contents: Hex; readonly contentsType: string }
}

/** In which bytes a signature comes: its wrapper, 65 bytes with nothing around, or a mode byte of 0x00 alone. */
type Form = Wrapper['kind'] | 'bare' | 'root'

/** One way in which wallets turn the digest that they are asked about into what their owner signs. */
interface WalletHash {
  /** What was signed, as a sentence has it. */
  readonly says: string
  readonly comesAs: readonly Form[]
  /** Undefined where it can't be made of what is known. */
  readonly of: (asked: Asked) => Uint8Array | undefined
  /** Who is asked whether somebody is an owner, for `cast call`; absent where only `isValidSignature` tells. */
  readonly owner?: OwnerQuestion
  readonly source: string
}

/** How a wallet is asked about an owner. */
type OwnerQuestion = keyof typeof ownerQuestions

export const ownerQuestions = {
  isOwnerAddress: { call: 'isOwnerAddress(address)(bool)', takes: 'owner' },
  isOwner: { call: 'isOwner(address)(bool)', takes: 'owner' },
  owner: { call: 'owner()(address)', takes: 'nothing' },
  validator: { call: 'ecdsaValidatorStorage(address)(address)', takes: 'wallet' },
  getOwner: { call: 'getOwner(address)(address)', takes: 'wallet' },
} as const satisfies Record<string, { readonly call: string; readonly takes: 'owner' | 'wallet' | 'nothing' }>

/** `type` over one word, under the wallet's own domain. */
function under(domain: (asked: Asked) => Eip712Domain, type: string, word: (digest: Uint8Array) => Uint8Array): WalletHash['of'] {
  return (asked) =>
    typedDigest(fromHex(domainSeparator(domain(asked))), keccak256(concatBytes(keccak256(utf8ToBytes(type)), word(asked.digest))))
}

const named =
  (name: string, version?: string) =>
  ({ chainId, wallet }: Asked): Eip712Domain => ({
    name,
    ...(version === undefined ? {} : { version }),
    chainId,
    verifyingContract: wallet,
  })
const asWord = (digest: Uint8Array): Uint8Array => digest
/** A member of type bytes that holds the digest. */
const asBytes = (digest: Uint8Array): Uint8Array => keccak256(digest)

const kernel = (version: string): WalletHash['of'] => under(named('Kernel', version), 'Kernel(bytes32 hash)', asWord)
/** Kernel 0.2.3 and 0.2.4 put their separator before the digest as if that were a struct's hash. */
const kernel2 =
  (version: string): WalletHash['of'] =>
  (asked) =>
    typedDigest(fromHex(domainSeparator(named('Kernel', version)(asked))), asked.digest)

const personal =
  (of: WalletHash['of']): WalletHash['of'] =>
  (asked) => {
    const hash = of(asked)
    return hash === undefined ? undefined : personalDigest(hash)
  }

/**
 * `TypedDataSign(<contents> contents,string name,…)` of ERC-7739: the application's struct and the wallet's domain, under the application's separator.
 * The name of the struct stands in front of its type, or behind it where the type begins with another one.
 */
function nestedIn(domain: { readonly name: string; readonly version: string }): WalletHash['of'] {
  return ({ nested, chainId, wallet }) => {
    if (nested === undefined) return undefined
    const { contentsType, contents, separator } = nested
    const end = contentsType.lastIndexOf(')') + 1
    const [type, explicit] = [contentsType.slice(0, end), contentsType.slice(end)]
    const name = explicit === '' ? type.slice(0, type.indexOf('(')) : explicit
    const typeString = `TypedDataSign(${name} contents,string name,string version,uint256 chainId,address verifyingContract,bytes32 salt)${type}`
    const words = new Uint8Array(64)
    writeHex(words, 0, `0x${chainId.toString(16).padStart(64, '0')}`)
    writeHex(words, 32, wallet)
    const struct = concatBytes(
      keccak256(utf8ToBytes(typeString)),
      fromHex(contents),
      keccak256(utf8ToBytes(domain.name)),
      keccak256(utf8ToBytes(domain.version)),
      words,
      new Uint8Array(32),
    )
    return typedDigest(fromHex(separator), keccak256(struct))
  }
}

const nexus = (version: string): WalletHash['of'] => nestedIn({ name: 'Nexus', version })
const nexusPersonal = (version: string): WalletHash['of'] => under(named('Nexus', version), 'PersonalSign(bytes prefixed)', asWord)

const sources = {
  coinbase: 'coinbase/smart-wallet 924743b, src/ERC1271.sol: replaySafeHash',
  safe: 'safe-global/safe-smart-account c35264b, CompatibilityFallbackHandler.sol: isValidSignature; Safe.sol: domainSeparator',
  safe12: 'safe-global/safe-smart-account v1.1.1, GnosisSafe.sol: DOMAIN_SEPARATOR_TYPEHASH is of EIP712Domain(address verifyingContract)',
  kernel3: 'zerodevapp/kernel 03f7f5c, ValidationManager.sol: _toWrappedHash; ECDSAValidator.sol takes the hash or personal_sign of it',
  kernel2: 'zerodevapp/kernel v2.3 and v2.4, src/Kernel.sol: isValidSignature',
  light1: 'alchemyplatform/light-account v1.1.0, src/LightAccount.sol: getMessageHash(abi.encode(digest))',
  light2: 'pimlicolabs/permissionless.js aa83175, toLightSmartAccount.ts: for 2.0.0 as for 1.1.0, behind a byte 0x00',
  nexus: 'bcnmy/nexus v1.0.1 to v1.2.0, Nexus.sol: _domainNameAndVersion; K1Validator.sol takes the hash or personal_sign of it; ERC-7739',
  etherspot: 'pimlicolabs/permissionless.js aa83175, toEtherspotSmartAccount.ts: signTypedData wraps nothing',
  thirdweb: 'pimlicolabs/permissionless.js aa83175, thirdweb/utils/signTypedData.ts: AccountMessage',
  plain: 'eth-infinitism/account-abstraction SimpleAccount-like accounts, and the same mistake with every other one',
} as const

/**
 * What the owners of smart wallets sign in place of the digest that the token computes. What a wallet is can't be seen in 65 bytes, so that a signature has
 * one signer for each row that its bytes may be of.
 */
export const walletHashes = {
  coinbase: {
    says: "Coinbase Smart Wallet's replay-safe hash",
    comesAs: ['coinbase'],
    of: under(named('Coinbase Smart Wallet', '1'), 'CoinbaseSmartWalletMessage(bytes32 hash)', asWord),
    owner: 'isOwnerAddress',
    source: sources.coinbase,
  },
  safe: {
    says: "the Safe's message hash",
    comesAs: ['safe', 'bare'],
    of: under(({ chainId, wallet }) => ({ chainId, verifyingContract: wallet }), 'SafeMessage(bytes message)', asBytes),
    owner: 'isOwner',
    source: sources.safe,
  },
  'safe-without-chain': {
    says: 'the message hash of a Safe before 1.3.0, whose domain has no chain id',
    comesAs: ['safe'],
    of: under(({ wallet }) => ({ verifyingContract: wallet }), 'SafeMessage(bytes message)', asBytes),
    owner: 'isOwner',
    source: sources.safe12,
  },
  'kernel-0.3.1': kernelRow('0.3.1', kernel('0.3.1')),
  'kernel-0.3.1-personal': kernelRow('0.3.1', personal(kernel('0.3.1')), ' with the prefix of personal_sign'),
  'kernel-0.3.0-beta': kernelRow('0.3.0-beta', kernel('0.3.0-beta')),
  'kernel-0.3.0-beta-personal': kernelRow('0.3.0-beta', personal(kernel('0.3.0-beta')), ' with the prefix of personal_sign'),
  'kernel-0.3.2': kernelRow('0.3.2', kernel('0.3.2')),
  'kernel-0.3.2-personal': kernelRow('0.3.2', personal(kernel('0.3.2')), ' with the prefix of personal_sign'),
  'kernel-0.3.3': kernelRow('0.3.3', kernel('0.3.3')),
  'kernel-0.3.3-personal': kernelRow('0.3.3', personal(kernel('0.3.3')), ' with the prefix of personal_sign'),
  'kernel-0.2.4': { ...kernelRow('0.2.4', kernel2('0.2.4')), comesAs: ['bare'], source: sources.kernel2 },
  'kernel-0.2.4-personal': {
    ...kernelRow('0.2.4', personal(kernel2('0.2.4')), ' with the prefix of personal_sign'),
    comesAs: ['bare'],
    source: sources.kernel2,
  },
  'light-account': {
    says: "Light Account's message hash",
    comesAs: ['root', 'bare'],
    of: under(named('LightAccount', '1'), 'LightAccountMessage(bytes message)', asBytes),
    owner: 'owner',
    source: `${sources.light1}; ${sources.light2}`,
  },
  thirdweb: {
    says: "thirdweb Account's message hash",
    comesAs: ['bare'],
    of: under(named('Account', '1'), 'AccountMessage(bytes message)', asBytes),
    source: sources.thirdweb,
  },
  'nexus-1.2.0': nexusRow('1.2.0', nexus('1.2.0'), ['erc7739']),
  'nexus-1.2.1': nexusRow('1.2.1', nexus('1.2.1'), ['erc7739']),
  'nexus-1.0.2': nexusRow('1.0.2', nexus('1.0.2'), ['erc7739']),
  'nexus-1.0.0': nexusRow('1.0.0', nexus('1.0.0'), ['erc7739']),
  'nexus-personal-1.2.0': nexusRow('1.2.0', personal(nexusPersonal('1.2.0')), ['module']),
  'nexus-personal-1.2.1': nexusRow('1.2.1', personal(nexusPersonal('1.2.1')), ['module']),
  'nexus-personal-1.0.2': nexusRow('1.0.2', personal(nexusPersonal('1.0.2')), ['module']),
  'nexus-personal-1.0.0': nexusRow('1.0.0', personal(nexusPersonal('1.0.0')), ['module']),
  digest: {
    says: "the payment's digest",
    comesAs: ['bare', 'module'],
    of: ({ digest }) => digest,
    owner: 'owner',
    source: `${sources.plain}; ${sources.etherspot}`,
  },
} as const satisfies Record<string, WalletHash>

/**
 * A row of the table; rows may be added.
 * @pattern ^[a-z0-9.]+(-[a-z0-9.]+)*$
 */
export type WalletHashId = keyof typeof walletHashes

function kernelRow<Of extends WalletHash['of']>(version: string, of: Of, how = '') {
  return {
    says: `Kernel ${version}'s wrapped hash${how}`,
    comesAs: ['kernel'] as readonly Form[],
    of,
    owner: 'validator',
    source: sources.kernel3,
  } as const
}

function nexusRow(version: string, of: WalletHash['of'], comesAs: readonly Form[]) {
  const what = comesAs.includes('erc7739') ? 'nested typed data' : 'nested message with the prefix of personal_sign'
  return { says: `Biconomy Nexus ${version}'s ${what} (ERC-7739)`, comesAs, of, owner: 'getOwner', source: sources.nexus } as const
}

const ids = Object.keys(walletHashes) as readonly WalletHashId[]

/** How a wallet that hashes so is asked about an owner; undefined where only `isValidSignature` tells. */
export function ownerQuestion(id: WalletHashId): OwnerQuestion | undefined {
  const row: WalletHash = walletHashes[id]
  return row.owner
}

/** The rows that a signature in these wrappers may be of. */
export function hashesFor(wrappers: readonly Wrapper[]): readonly WalletHashId[] {
  const own = wrappers.filter(({ kind }) => kind !== 'erc6492')
  const nested = own.some(({ kind }) => kind === 'erc7739')
  const forms: readonly Form[] = nested
    ? ['erc7739']
    : own.length === 0
      ? ['bare']
      : own.flatMap((each): Form[] => (each.kind === 'kernel' && each.mode === 'root' ? ['kernel', 'root'] : [each.kind]))
  return ids.filter((id) => {
    const row: WalletHash = walletHashes[id]
    return row.comesAs.some((form) => forms.includes(form))
  })
}
