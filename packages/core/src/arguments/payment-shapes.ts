import { generatorIds } from '../evm/signature/generators.ts'
import { searchDepths } from '../evm/signature/plan.ts'
import { builtInNetworks } from '../networks/networks.ts'
import { rails } from '../rails/rail.ts'
import { tokenFamilies } from '../tokens/models.ts'
import {
  address,
  bigint,
  byKind,
  bytes32,
  callback,
  either,
  flag,
  hex,
  list,
  maybe,
  milliseconds,
  object,
  oneOf,
  only,
  positive,
  record,
  recordOf,
  type Shape,
  type Shapes,
  text,
  whole,
} from './shape.ts'

// What the public functions take, as far as they would fall over anything else. What a shape does not name may be there, too.

export const name: Shape = (value, at) => either('a name such as "base", a chain id or a CAIP-2 id', text, bigint, whole)(value, at)

export const primaryType: Shape = (value, at) => oneOf(['TransferWithAuthorization', 'ReceiveWithAuthorization'])(value, at)

/** 256 bits: what an `uint256` holds. */
export const uint: Shape = (value, at) =>
  only(typeof value === 'bigint' && value >= 0n && value < 2n ** 256n, 'a bigint of up to 256 bits', value, at)

export const authorization: Shape = (value, at) =>
  record('an authorization: from, to, value, validAfter, validBefore and nonce', {
    from: address,
    to: address,
    value: uint,
    validAfter: uint,
    validBefore: uint,
    nonce: bytes32,
  })(value, at)

export const domain: Shape = (value, at) =>
  record('an EIP-712 domain', {
    name: maybe(text),
    version: maybe(text),
    chainId: maybe(uint),
    verifyingContract: maybe(address),
    salt: maybe(bytes32),
  })(value, at)

export const domainField: Shape = (value, at) => oneOf(['name', 'version', 'chainId', 'verifyingContract', 'salt'])(value, at)

const layout: Shape = (value, at) => oneOf(['standard', 'salt'])(value, at)

const overloads: Shape = (value, at) => record('its overloads', { vrs: flag, bytes: flag })(value, at)

/** What a domain is made of. */
export const tokenDomain: Shape = (value, at) => record('a token', { address, name: text, version: text, layout: maybe(layout) })(value, at)

const domainClaim: Shape = (value, at) => record('a domain', { name: text, version: text, layout, separator: maybe(bytes32) })(value, at)

const family: Shape = (value, at) => oneOf(tokenFamilies)(value, at)

export const token: Shape = (value, at) =>
  record('a token, as a network has it', {
    symbol: text,
    address,
    name: text,
    version: text,
    layout,
    decimals: whole,
    family: maybe(family),
    overloads,
    separator: maybe(bytes32),
    otherDomains: maybe(list(domainClaim)),
  })(value, at)

/** A token of a chain that the registry does not have. */
export const replayToken: Shape = (value, at) =>
  record('a token', {
    address,
    name: text,
    version: text,
    symbol: maybe(text),
    decimals: maybe(whole),
    layout: maybe(layout),
    separator: maybe(bytes32),
    family: maybe(family),
  })(value, at)

const wrongValue: Shape = (value, at) => record('a wrong value', { fact: text, wrong: text, right: text, seenIn: text })(value, at)

const identity = (): Shapes => ({
  id: text,
  caip2: text,
  testnet: flag,
  x402Names: list(text),
  aliases: list(text),
  rpcUrls: list(text),
  explorerUrl: maybe(text),
  wrongValues: list(wrongValue),
  doubts: list(object),
  sources: list(text),
})

const blockTime: Shape = (value, at) => only(typeof value === 'number' && value > 0, 'a number of seconds', value, at)

const lookalike: Shape = (value, at) =>
  record('a token', {
    symbol: text,
    address,
    name: text,
    decimals: whole,
    overloads: maybe(overloads),
    family: maybe(family),
    domains: list(domainClaim),
  })(value, at)

/** Nearly every payment has one of these in it, which takes longer to look through than all else of the payment. */
function isBuiltIn(value: unknown, family: 'evm' | 'solana'): boolean {
  return builtInNetworks.all.some((each) => each === value && each.family === family)
}

export const evmNetwork: Shape = (value, at) => (isBuiltIn(value, 'evm') ? undefined : evmNetworkOf(value, at))

const evmNetworkOf: Shape = (value, at) =>
  record('an EVM network, as getNetwork or defineNetwork gives it', {
    family: oneOf(['evm']),
    ...identity(),
    blockTime,
    chainId: positive,
    multicall3: maybe(address),
    usdc: token,
    otherTokens: list(token),
    lookalikes: list(lookalike),
  })(value, at)

export const svmNetwork: Shape = (value, at) => (isBuiltIn(value, 'solana') ? undefined : svmNetworkOf(value, at))

const svmNetworkOf: Shape = (value, at) =>
  record('a Solana network, as getNetwork gives it', {
    family: oneOf(['solana']),
    ...identity(),
    blockTime,
    genesisHash: text,
    mint: text,
    decimals: whole,
    tokenProgram: text,
    lookalikes: list(record('a mint', { symbol: text, mint: text, note: text })),
  })(value, at)

const network: Shape = (value, at) => either('a network, as getNetwork gives it', evmNetwork, svmNetwork)(value, at)

const foreignNetwork: Shape = (value, at) =>
  record('a network', {
    family: oneOf(['foreign']),
    id: text,
    label: text,
    chainId: positive,
    caip2: text,
    aliases: list(text),
    usdc: maybe(
      record('a token', {
        symbol: text,
        address,
        name: text,
        version: text,
        layout,
        decimals: whole,
        separator: maybe(bytes32),
        family: maybe(family),
      }),
    ),
    unjudged: maybe(list(record('a token', { symbol: text, address, decimals: whole, eip3009: text }))),
  })(value, at)

/** The built-in ones are most callers', and looked through with every call they take longer than many a call. */
export const networks: Shape = (value, at) => (value === builtInNetworks ? undefined : networksOf(value, at))

const networksOf: Shape = (value, at) =>
  record('a set of networks, as createNetworks gives it', {
    all: list(network),
    foreign: list(foreignNetwork),
    misnomers: list(record('a name', { label: text, names: list(text), chainId: maybe(positive), kind: text, meant: maybe(text) })),
    index: (index, place) => only(index instanceof Map, 'the index that createNetworks makes', index, place),
  })(value, at)

export const finding: Shape = (value, at) =>
  record('a finding', {
    cause: text,
    party: text,
    severity: oneOf(['error', 'warning', 'info']),
    field: maybe(text),
    seen: maybe(text),
    signed: maybe(text),
    expected: maybe(text),
    summary: text,
    evidence: list(record('evidence', { source: text, says: text })),
    fix: text,
  })(value, at)

const requirements: Shape = (value, at) =>
  record("the server's requirements", {
    scheme: maybe(text),
    network: maybe(text),
    amount: maybe(uint),
    payTo: maybe(address),
    asset: maybe(address),
    maxTimeoutSeconds: maybe((seconds, place) => only(typeof seconds === 'number', 'a number of seconds', seconds, place)),
    extra: maybe(record('the name and the version that it tells', { name: maybe(text), version: maybe(text) })),
    resource: maybe(text),
  })(value, at)

const functionName: Shape = (value, at) => oneOf(['transferWithAuthorization', 'receiveWithAuthorization'])(value, at)
const overload: Shape = (value, at) => oneOf(['vrs', 'bytes'])(value, at)

const tokenCall: Shape = (value, at) =>
  record('the call that carried it', {
    function: functionName,
    selector: hex,
    overload,
    transaction: maybe(
      record('its transaction', {
        hash: maybe(bytes32),
        to: maybe(address),
        sender: maybe(address),
        chainId: maybe(whole),
        gasLimit: maybe(uint),
      }),
    ),
  })(value, at)

/** What a replay takes of a payment. */
export const replayPayment: Shape = (value, at) =>
  record('a payment, as readPayment gives it', {
    authorization,
    signature: hex,
    primaryType,
    call: maybe(tokenCall),
  })(value, at)

const toldToken: Shape = (value, at) =>
  record('what the user tells of the token', {
    address: maybe(address),
    name: maybe(text),
    version: maybe(text),
    layout: maybe(layout),
    symbol: maybe(text),
    decimals: maybe(whole),
    family: maybe(family),
  })(value, at)

const payerClaim: Shape = (value, at) =>
  byKind('what the input says of the payer', {
    delegated: { field: text, delegate: address, nonce: uint },
    'delegation-cleared': { field: text, nonce: uint },
    contract: { field: text, says: text },
  })(value, at)

const answer: Shape = (value, at) =>
  record('an answer, as readPayment gives it', {
    kind: oneOf(['refused', 'pending', 'settled', 'valid']),
    says: text,
    from: oneOf(['beside', 'given']),
    revert: record('a decoded answer', { kind: text, name: text, causes: list(text), rulesOut: list(text) }),
  })(value, at)

/** What stood beside a payment. */
export const beside: Shape = (value, at) =>
  record('what stood beside the payment', { answer: maybe(answer), time: maybe(bigint) })(value, at)

export const payment: Shape = (value, at) =>
  record('a payment, as readPayment gives it', {
    family: oneOf(['evm']),
    rail: oneOf(Object.keys(rails)),
    form: text,
    recognised: text,
    authorization,
    signature: hex,
    primaryType,
    networkName: maybe(text),
    network: maybe(evmNetwork),
    chainId: maybe(whole),
    token: maybe(address),
    told: maybe(toldToken),
    claimedDomain: maybe(domain),
    requirements: maybe(requirements),
    accepted: maybe(requirements),
    call: maybe(tokenCall),
    payerClaims: list(payerClaim),
    beside: maybe(beside),
    findings: list(finding),
  })(value, at)

/** What a caller has for a chain that is asked. */
export const chainSource: Shape = (value, at) =>
  only(
    typeof value === 'string' || value instanceof URL || has(value, 'request') || has(value, 'send') || has(value, 'batch'),
    'the URL of an RPC, a viem client, an EIP-1193 provider or an ethers provider',
    value,
    at,
  )

export const chainClient: Shape = (value, at) =>
  only(
    has(value, 'batch') && has(value, 'request') && typeof Reflect.get(Object(value), 'description') === 'string',
    'a client, as connectChain makes it',
    value,
    at,
  )

/** A reader of a chain or of a cluster. */
export const reader: Shape = (value, at) =>
  only(
    has(value, 'read') && typeof Reflect.get(Object(value), 'source') === 'string',
    'a reader, as chainReader or svmReader makes it',
    value,
    at,
  )

/** Whatever opens chains to replay on. */
export const replayer: Shape = (value, at) =>
  only(has(value, 'open'), 'a replayer, as embeddedReplayer or liteSvmReplayer makes it', value, at)

export const replayChain: Shape = (value, at) => only(has(value, 'replay'), 'a chain, as openChain opens it', value, at)

export const signal: Shape = (value, at) => record('an AbortSignal', { aborted: flag })(value, at)

export const headers: Shape = (value, at) => recordOf(text)(value, at)

/** How the URL of an RPC is asked. */
export const rpcOptions: Shapes = {
  timeout: maybe(milliseconds),
  retries: maybe(whole),
  longestWait: maybe(milliseconds),
  largestAnswer: maybe(positive),
  headers: maybe(headers),
  fetch: maybe(callback),
}

/** What each kind of intervention says of what it changes. */
const interventions = (): Readonly<Record<string, Shapes>> => ({
  time: { at: uint },
  signature: { signature: hex },
  authorization: {
    fields: record('members of an authorization', {
      from: maybe(address),
      to: maybe(address),
      value: maybe(uint),
      validAfter: maybe(uint),
      validBefore: maybe(uint),
      nonce: maybe(bytes32),
    }),
  },
  function: { function: functionName, overload: maybe(overload) },
  sender: { sender: address },
  'payer-code': { code: hex, delegateCode: maybe(hex) },
  balance: { value: uint },
  blacklist: { address },
  'blacklist-lifted': { address },
  paused: {},
  unpaused: {},
  'nonce-used': {},
  'nonce-free': {},
  'relayer-funds': { wei: uint, gasPrice: uint },
  gas: { limit: uint },
  latest: {},
  'token-separator': { separator: bytes32 },
})

export const intervention: Shape = (value, at) => byKind('an intervention', interventions())(value, at)

const word: Shape = (value, at) =>
  either('32 bytes, as a bigint or as a Uint8Array', bigint, (one, place) =>
    only(one instanceof Uint8Array && one.length === 32, '', one, place),
  )(value, at)

export const ecdsa: Shape = (value, at) => record('r, s and yParity', { r: word, s: word, yParity: oneOf([0, 1]) })(value, at)

export const expectedDomain: Shape = (value, at) =>
  record('an expected domain, as examineSignature gives it', {
    domain,
    separator: bytes32,
    basis: text,
    token: maybe(tokenDomain),
    network: maybe(record('a network', { id: text, chainId: positive })),
  })(value, at)

const hints: Shape = (value, at) =>
  record('hints', {
    names: maybe(list(text)),
    versions: maybe(list(text)),
    chainIds: maybe(list(uint)),
    contracts: maybe(list(address)),
    domains: maybe(list(domain)),
    values: maybe(list(uint)),
    times: maybe(list(uint)),
    nonces: maybe(list(bytes32)),
    accounts: maybe(list(record('an account', { address, label: text }))),
  })(value, at)

const kernel: Shape = (value, at) => record('a kernel, as createKernel makes it', { backend: text })(value, at)

/** How far a diagnosis searches; which numbers a limit can be, the search itself says. */
export const searchLimits: Shape = (value, at) =>
  record('limits of a search', {
    depth: maybe(oneOf(searchDepths)),
    maxHypotheses: maybe(whole),
    budgetMs: maybe(milliseconds),
    signal: maybe(signal),
    yieldEvery: maybe(positive),
    hints: maybe(hints),
    kernel: maybe(kernel),
    onProgress: maybe(callback),
    now: maybe(callback),
  })(value, at)

export const searchOptions: Shape = (value, at) =>
  record('options', {
    hints: maybe(hints),
    expected: maybe(expectedDomain),
    kernel: maybe(kernel),
    depth: maybe(oneOf(searchDepths)),
    clock: maybe(callback),
    yieldEvery: maybe(positive),
    only: maybe(list(oneOf(generatorIds))),
    maxHypotheses: maybe(positive),
    timeLimit: maybe(record('a time limit', { timeoutMs: milliseconds, now: callback })),
    signal: maybe(signal),
    onProgress: maybe(callback),
    pause: maybe(callback),
    slice: maybe(record('a slice', { index: whole, of: positive, from: maybe(whole) })),
  })(value, at)

const match: Shape = (value, at) =>
  record('a match', {
    domain,
    separator: bytes32,
    primaryType: text,
    typeString: text,
    typeHash: bytes32,
    structHash: bytes32,
    authorization,
    digest: bytes32,
    signer: address,
    edits: list(object),
    signature: hex,
  })(value, at)

export const signatureEvidence: Shape = (value, at) =>
  record('evidence, as examineSignature gives it', {
    bytes: record('a signature, as readSignature gives it', {
      length: whole,
      v: maybe(whole),
      ecdsa: maybe(record('r, s and yParity', { r: bigint, s: bigint, yParity: oneOf([0, 1]) })),
      problems: list(text),
    }),
    expected: maybe(expectedDomain),
    structHash: bytes32,
    digest: maybe(bytes32),
    recovered: maybe(address),
    recoveredIs: list(object),
    matches: list(match),
    wallet: maybe(object),
    tried: whole,
    triedBy: recordOf(whole),
    ended: text,
  })(value, at)

export const tableEntry: Shape = (value, at) =>
  record('an entry, as readTable gives it', {
    path: text,
    networks: list(text),
    symbol: maybe(text),
    claims: list(record('a claim', { fact: text, value: text, path: text })),
  })(value, at)

function has(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, name) === 'function'
}

export const secrets: Shape = (value, at) =>
  record('secrets, as secretsOf and findSecrets give them', { hidden: list(text), raw: list(text), open: list(text), texts: list(text) })(
    value,
    at,
  )
