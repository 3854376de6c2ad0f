import type { Bytes32, Hex } from '../../bytes/hex.ts'

/** 32 bytes that a standard or a known contract fixes, so that they are nobody's key, nonce or digest. */
export interface StandardWord {
  readonly word: Bytes32
  readonly kind: 'type-hash' | 'event' | 'slot' | 'number'
  /** In one phrase: `the type hash of TransferWithAuthorization`. */
  readonly what: string
  /** What is hashed to get it; absent for numbers. For EIP-1967's slots it is the hash less one. */
  readonly preimage?: string
  /** The standard or the contract that has it. */
  readonly of: string
}

const authorization = 'address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce'
const eip3009 = 'EIP-3009'
const eip712 = 'EIP-712'
const eip1967 = 'EIP-1967'
const zeppelinos = "OpenZeppelin's proxies of 2018, Circle's FiatTokenProxy among them"

/** The words that people meet around a payment. A test hashes each. */
export const standardWords: readonly StandardWord[] = [
  {
    word: '0x7c7c6cdb67a18743f49ec6fa9b35f50d52ed05cbed4cc592e13b44501c1a2267',
    kind: 'type-hash',
    what: 'the type hash of TransferWithAuthorization',
    preimage: `TransferWithAuthorization(${authorization})`,
    of: eip3009,
  },
  {
    word: '0xd099cc98ef71107a616c4f0f941f04c322d8e254fe26b3c6668db87aae413de8',
    kind: 'type-hash',
    what: 'the type hash of ReceiveWithAuthorization',
    preimage: `ReceiveWithAuthorization(${authorization})`,
    of: eip3009,
  },
  {
    word: '0x158b0a9edf7a828aad02f63cd515c68ef2f50ba807396f6d12842833a1597429',
    kind: 'type-hash',
    what: 'the type hash of CancelAuthorization',
    preimage: 'CancelAuthorization(address authorizer,bytes32 nonce)',
    of: eip3009,
  },
  {
    word: '0x6e71edae12b1b97f4d1f60370fef10105fa2faae0126114a169c64845d6126c9',
    kind: 'type-hash',
    what: 'the type hash of Permit',
    preimage: 'Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)',
    of: 'EIP-2612',
  },
  {
    word: '0x8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f',
    kind: 'type-hash',
    what: 'the type hash of EIP712Domain with name, version, chainId and verifyingContract',
    preimage: 'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)',
    of: eip712,
  },
  {
    word: '0x36c25de3e541d5d970f66e4210d728721220fff5c077cc6cd008b3a0c62adab7',
    kind: 'type-hash',
    what: 'the type hash of EIP712Domain with a salt in place of the chain id',
    preimage: 'EIP712Domain(string name,string version,address verifyingContract,bytes32 salt)',
    of: "EIP-712, as Polygon's bridged tokens use it",
  },
  {
    word: '0xd87cd6ef79d4e2b95e15ce8abf732db51ec771f1ca2edccf22a46c729ac56472',
    kind: 'type-hash',
    what: 'the type hash of EIP712Domain with all five fields',
    preimage: 'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract,bytes32 salt)',
    of: eip712,
  },
  {
    word: '0x8cad95687ba82c2ce50e74f7b754645e5117c3a5bec8151c0726d5857980a866',
    kind: 'type-hash',
    what: 'the type hash of EIP712Domain without a version',
    preimage: 'EIP712Domain(string name,uint256 chainId,address verifyingContract)',
    of: 'EIP-712, as Permit2 uses it',
  },
  {
    word: '0x47e79534a245952e8b16893a336b85a3d9ea9fa8c573f3d803afb92a79469218',
    kind: 'type-hash',
    what: 'the type hash of EIP712Domain with chainId and verifyingContract alone',
    preimage: 'EIP712Domain(uint256 chainId,address verifyingContract)',
    of: 'EIP-712, as Safe uses it',
  },
  {
    word: '0x98de503528ee59b575ef0c0a2576a82497bfc029a5685b209e9ec333479b10a5',
    kind: 'event',
    what: 'the topic of the event AuthorizationUsed, which a token logs when an authorization is spent',
    preimage: 'AuthorizationUsed(address,bytes32)',
    of: eip3009,
  },
  {
    word: '0x1cdd46ff242716cdaa72d159d339a485b3438398348d68f09d7c8c0a59353d81',
    kind: 'event',
    what: 'the topic of the event AuthorizationCanceled',
    preimage: 'AuthorizationCanceled(address,bytes32)',
    of: eip3009,
  },
  {
    word: '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef',
    kind: 'event',
    what: 'the topic of the event Transfer',
    preimage: 'Transfer(address,address,uint256)',
    of: 'ERC-20',
  },
  {
    word: '0x8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925',
    kind: 'event',
    what: 'the topic of the event Approval',
    preimage: 'Approval(address,address,uint256)',
    of: 'ERC-20',
  },
  {
    word: '0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc',
    kind: 'slot',
    what: "the storage slot of a proxy's implementation",
    preimage: 'eip1967.proxy.implementation',
    of: eip1967,
  },
  {
    word: '0xb53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103',
    kind: 'slot',
    what: "the storage slot of a proxy's admin",
    preimage: 'eip1967.proxy.admin',
    of: eip1967,
  },
  {
    word: '0xa3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50',
    kind: 'slot',
    what: "the storage slot of a proxy's beacon",
    preimage: 'eip1967.proxy.beacon',
    of: eip1967,
  },
  {
    word: '0x7050c9e0f4ca769c69bd3a8ef740bc37934f8e2c036e5a723fd8ee048ed3f8c3',
    kind: 'slot',
    what: "the storage slot of a proxy's implementation",
    preimage: 'org.zeppelinos.proxy.implementation',
    of: zeppelinos,
  },
  {
    word: '0x10d6a54a4754c8869d6886b5f5d7fbfa5b4522237ea5c60d11bc4e7a1ff9390b',
    kind: 'slot',
    what: "the storage slot of a proxy's admin",
    preimage: 'org.zeppelinos.proxy.admin',
    of: zeppelinos,
  },
  {
    word: '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470',
    kind: 'number',
    what: 'the keccak256 of nothing, which is the code hash of an account without code',
    preimage: '',
    of: 'EIP-1052',
  },
  {
    word: '0x6492649264926492649264926492649264926492649264926492649264926492',
    kind: 'number',
    what: 'the mark at the end of a signature of a wallet that is not deployed yet',
    of: 'ERC-6492',
  },
  {
    word: '0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141',
    kind: 'number',
    what: 'the order of the curve, below which r, s and every private key are',
    of: 'secp256k1',
  },
  {
    word: '0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0',
    kind: 'number',
    what: "half of the curve's order, above which tokens refuse s",
    of: 'EIP-2',
  },
  {
    word: '0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
    kind: 'number',
    what: 'the largest uint256',
    of: 'Solidity',
  },
  { word: '0x0000000000000000000000000000000000000000000000000000000000000000', kind: 'number', what: '32 zero bytes', of: 'Solidity' },
]

/** What a standard has 32 bytes for; undefined for any others. Case does not matter. */
export function findStandardWord(word: Hex): StandardWord | undefined {
  const wanted = word.toLowerCase()
  return standardWords.find((each) => each.word === wanted)
}
