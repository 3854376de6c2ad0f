import type { CauseId } from '../causes/catalogue.ts'
import type { Party } from '../causes/party.ts'
import type { RetryAction } from '../causes/retry.ts'
import type { SpokenChain } from './chain-words.ts'
import { clientRules } from './client-rules.ts'
import type { NodeRule } from './node-rule.ts'
import { solanaRules } from './solana-rules.ts'

/**
 * Ethereum's transaction pools and RPC servers: the specific before the general, the first that fits wins. Sources: go-ethereum
 * core/error.go and core/txpool/errors.go, reth rpc-eth-types, Nethermind AcceptTxResult, Besu RpcErrorType, Erigon txpoolcfg, anvil
 * eth/error.rs, and the error pages of the providers. viem's and ethers' own wordings stand with what they reword.
 */
const ethereumRules: readonly NodeRule[] = [
  {
    name: 'in-flight limit for delegated accounts',
    on: 'evm',
    wordings: [
      ['in-flight transaction limit reached for delegated accounts'],
      ['gapped-nonce tx from delegated accounts'],
      ['delegation nonce gap'],
      ['delegation authority has pending transaction'],
      ['authority already reserved'],
      ['address already reserved'],
    ],
    causes: ['facilitator-nonce'],
    party: 'facilitator',
  },
  {
    // Above "nonce too low": viem rewords this as a nonce that is lower than the current one, and keeps the node's text beside it.
    name: 'already known',
    on: 'evm',
    wordings: [
      ['already known'],
      ['already imported'],
      [' known transaction'],
      ['"known transaction'],
      ['alreadyknown'],
      ['transaction already in mempool'],
      ['tx already in mempool'],
    ],
    causes: ['settlement-unconfirmed', 'facilitator-nonce'],
    party: 'facilitator',
  },
  {
    name: 'nonce too low',
    on: 'evm',
    wordings: [
      ['nonce too low'],
      ['is lower than the current nonce of the account'],
      ['nonce is too low'],
      ['old nonce'],
      ['oldnonce'],
      ['invalid nonce; got'],
      ['nonce_expired'],
    ],
    causes: ['facilitator-nonce'],
    party: 'facilitator',
  },
  {
    name: 'nonce too high',
    on: 'evm',
    wordings: [
      ['nonce too high'],
      ['is higher than the next one expected'],
      ['nonce too far in future'],
      ['nonce is too distant'],
      ['nonce has max value'],
      ['an invalid transaction with a lower nonce exists'],
      ['future transaction tries to replace pending'],
      ['nonce gap'],
    ],
    causes: ['facilitator-nonce'],
    party: 'facilitator',
  },
  {
    name: 'replacement transaction underpriced',
    on: 'evm',
    wordings: [
      ['replacement transaction underpriced'],
      ['replacement fee too low'],
      ['insufficient gas price to replace existing transaction'],
      ['could not replace existing tx'],
      ['replacement_underpriced'],
      ['replace_underpriced'],
    ],
    causes: ['facilitator-nonce', 'facilitator-fee-too-low'],
    party: 'facilitator',
  },
  {
    name: 'account limit exceeded',
    on: 'evm',
    wordings: [['account limit exceeded'], ['exceeds the account limit'], ['too many pending transactions']],
    causes: ['facilitator-nonce'],
    party: 'facilitator',
  },
  {
    name: 'insufficient funds for gas',
    on: 'evm',
    wordings: [
      ['insufficient funds for gas'],
      ['insufficient funds for intrinsic transaction cost'],
      ['insufficient funds for transfer'],
      ['insufficient funds for l1 fee'],
      ['exceeds the balance of the account', 'total cost'],
      ['upfront cost exceeds account balance'],
      ['transaction overdraws from account'],
      ["doesn't have enough funds to send tx"],
      ['sender balance is insufficient'],
      ['gas required exceeds allowance (0)'],
      ['gas required exceeds allowance: 0'],
      ['not enough funds to cover gas'],
      ['insufficient eth balance'],
      ['gas fee exceeds the balance'],
      ["didn't pay prefund"],
    ],
    causes: ['facilitator-out-of-gas-money'],
    party: 'facilitator',
  },
  {
    name: 'fee below base fee',
    on: 'evm',
    wordings: [
      ['max fee per gas less than block base fee'],
      ['cannot be lower than the block base fee'],
      ['gas price below current base fee'],
      ['gas price below configured minimum'],
      ['feecap', 'below chain minimum'],
      ['transaction priority fee below minimum'],
      ['max priority fee per gas higher than max fee per gas'],
      ['cannot be higher than the fee cap'],
      ['tip higher than fee cap'],
      ['fee cap less than block base fee'],
      ['max fee per gas is less than the block base fee'],
      ['gas price too low'],
      ['fee too low'],
      ['feetoolow'],
    ],
    causes: ['facilitator-fee-too-low'],
    party: 'facilitator',
  },
  {
    name: 'transaction underpriced',
    on: 'evm',
    wordings: [['transaction underpriced'], ['underpriced'], ['transaction gas price', 'too low'], ['gas tip cap', 'minimum needed']],
    causes: ['facilitator-fee-too-low'],
    party: 'facilitator',
  },
  {
    name: 'transaction pool is full',
    on: 'evm',
    wordings: [
      ['txpool is full'],
      ['transaction pool is full'],
      ['sub-pool is full'],
      ['discarded outright due to pool size constraints'],
      ['txpool is limited'],
    ],
    causes: ['facilitator-fee-too-low', 'rpc-fault'],
  },
  {
    name: 'intrinsic gas too low',
    on: 'evm',
    wordings: [
      ['intrinsic gas too low'],
      ['intrinsic gas too high'],
      ['intrinsic gas exceeds gas limit'],
      ['intrinsicgas'],
      ['provided for the transaction is too low'],
      ['insufficient gas for floor data gas'],
      ['gas floor'],
    ],
    causes: ['facilitator-gas-limit'],
    party: 'facilitator',
  },
  {
    name: 'gas limit exceeded',
    on: 'evm',
    wordings: [
      ['exceeds block gas limit'],
      ["exceeds block's gas limit"],
      ['exceeds the limit allowed for the block'],
      ['gas limit is greater than the block gas limit'],
      ['transaction gas limit too high'],
      ['gas limit is too high'],
      ['gas limit too high'],
      ['gas limit reached'],
      ['exceeds transaction gas limit'],
      ['exceeds maximum per-transaction gas'],
    ],
    causes: ['facilitator-gas-limit'],
    party: 'facilitator',
  },
  {
    name: 'fee exceeds the cap',
    on: 'evm',
    wordings: [['exceeds the configured cap']],
    causes: ['facilitator-gas-limit', 'facilitator-config-drift'],
    party: 'facilitator',
  },
  {
    name: 'out of gas',
    on: 'evm',
    wordings: [['gas required exceeds allowance'], ['out of gas'], ['outofgas'], ['gas uint64 overflow']],
    // A node behind estimates another path than the transaction takes.
    causes: ['facilitator-gas-limit', 'facilitator-out-of-gas-money', 'rpc-lagging'],
    party: 'facilitator',
  },
  {
    name: 'sender not allowed',
    on: 'evm',
    wordings: [['sender not an eoa'], ['sender account not authorized'], ['identified as a spammer']],
    causes: ['facilitator-config-drift'],
    party: 'facilitator',
  },
  {
    name: 'wrong chain id',
    on: 'evm',
    wordings: [
      ['invalid chain id for signer'],
      ['invalid chain id'],
      ['invalid sender', 'chain'],
      ['chain id does not match'],
      ['chain id mismatch'],
      ['wrong chain id'],
      ['does not match the target chain for the transaction'],
      ['chainid in transaction does not match'],
      ['only replay-protected (eip-155) transactions allowed'],
    ],
    causes: ['rpc-wrong-chain', 'facilitator-config-drift'],
    party: 'facilitator',
  },
  {
    name: 'not confirmed in time',
    wordings: [
      ['timed out while waiting for transaction'],
      ['timed out waiting for transaction'],
      ["was added to the mempool but wasn't confirmed within"],
      ['was not confirmed within'],
      ['transaction receipt', 'could not be found'],
      ['transaction with hash', 'could not be found'],
      ['transaction was not mined within'],
      ['is not in the chain after'],
      ['transaction confirmation timed out'],
      ['waitfortransactionreceipttimeouterror'],
    ],
    causes: ['settlement-unconfirmed', 'chain-halted'],
    party: 'facilitator',
    retry: 'unknown',
  },
  {
    name: 'no code at the address',
    on: 'evm',
    wordings: [
      ['returned no data ("0x")'],
      ['is not a contract'],
      ['call to non-contract'],
      ['no contract code at given address'],
      ['contract not deployed'],
      ['could not decode result data'],
      ['non-contract address'],
      ['attempting to unmarshal an empty string'],
    ],
    causes: ['asset-has-no-code', 'token-without-eip3009', 'rpc-wrong-chain', 'asset-mismatch'],
  },
  {
    name: 'rate limited',
    wordings: [
      ['request limit reached'],
      ['request rate limited'],
      ['rate limit'],
      ['rate-limit'],
      ['ratelimit'],
      ['too many requests'],
      ['compute units per second'],
      ['request count exceeded'],
      ['requests per second'],
      ['exceeded its throughput'],
      ['monthly capacity limit exceeded'],
      ['capacity exceeded'],
      ['error 1015'],
      ['you are being rate limited'],
      ['limit exceeded'],
      ['limitexceededrpcerror'],
      ['credits', 'exceeded'],
    ],
    causes: ['rpc-fault'],
    party: 'rpc',
  },
  {
    name: 'provider refused the key',
    wordings: [
      ['must be authenticated'],
      ['you must authenticate your request with an api key'],
      ['api key is not allowed'],
      ['api key is missing'],
      ['invalid api key'],
      ['invalid project id'],
      ['project id required'],
      ['project id does not have access'],
      ['api key disabled'],
      ['invalid jwt'],
      ['tenant disabled'],
    ],
    causes: ['rpc-fault', 'facilitator-auth'],
  },
  {
    // What a node says of a block that others have already: one behind a balancer that is some blocks back. The call was not run.
    name: 'block not there yet',
    on: 'evm',
    wordings: [
      ['header not found'],
      ['block not found'],
      ['unknown block'],
      ['block is out of range'],
      ['blockoutofrangeerror'],
      ['cannot query unfinalized data'],
      ['block number is in the future'],
    ],
    causes: ['rpc-lagging', 'rpc-fault'],
    party: 'rpc',
    retry: 'send-same',
  },
  {
    // op-geth's, op-reth's and Nitro's for a sequencer that does not answer them. The words of its refusal, where it gave one, stand in rules above.
    name: 'sequencer not available',
    on: 'evm',
    wordings: [
      ['sequencer temporarily not available'],
      ['failed to forward tx to sequencer'],
      ['failed to forward transaction to sequencer'],
      ['sequencer is down'],
      ['sequencer down'],
      ['sequencer is not available'],
      ['sequencer unavailable'],
      ['sequencer is not producing blocks'],
      ['chain is halted'],
      ['chain halted'],
      ['block production is halted'],
      ['block production halted'],
    ],
    causes: ['chain-halted', 'rpc-fault'],
    retry: 'send-same',
  },
  {
    name: 'state not available',
    on: 'evm',
    wordings: [
      ['missing trie node'],
      ['pruned history unavailable'],
      ['world state unavailable'],
      ['historical state', 'not available'],
      ['state is not available'],
      ['required historical state unavailable'],
      ['archive node'],
      ['archive requests require'],
      ['archive state'],
      ['archive data'],
    ],
    causes: ['rpc-fault'],
    party: 'rpc',
  },
  {
    name: 'node is syncing',
    on: 'evm',
    wordings: [
      ['node is syncing'],
      ['initial sync is still in progress'],
      ['node is behind'],
      ['node is not synced'],
      ['node is still syncing'],
      ['head is too old'],
    ],
    causes: ['rpc-lagging', 'rpc-fault'],
    party: 'rpc',
    retry: 'send-same',
  },
  {
    name: 'node is not ready',
    wordings: [
      ["can't route your request to suitable provider"],
      ['no available upstream'],
      ['all upstreams'],
      ['no backend is currently healthy'],
      ['no backend is current healthy'],
      ['no backends available'],
      ['backend is not available'],
      ['no healthy upstream'],
      ['temporary internal error'],
    ],
    causes: ['rpc-fault'],
    party: 'rpc',
  },
  {
    name: 'method not available',
    wordings: [
      ['the method', 'does not exist'],
      ['method not found'],
      ['method is not supported'],
      ['method not supported'],
      ['is not whitelisted'],
      ['method is not available'],
      ['is not available on the'],
    ],
    causes: ['rpc-fault', 'facilitator-config-drift'],
  },
  {
    name: 'node timed out',
    wordings: [['execution timeout'], ['execution aborted (timeout']],
    causes: ['rpc-fault', 'settlement-unconfirmed', 'paid-not-delivered'],
    retry: 'unknown',
  },
  {
    name: 'timed out',
    by: 'anybody',
    wordings: [
      ['request timed out'],
      ['the request took too long to respond'],
      ['request timeout'],
      ['context deadline exceeded'],
      ['operation timed out'],
      ['timeout exceeded'],
      ['etimedout'],
      ['timeout of'],
      ['aborterror'],
      ['the operation was aborted'],
    ],
    causes: ['rpc-fault', 'settlement-unconfirmed', 'paid-not-delivered'],
    retry: 'unknown',
  },
  {
    name: 'no connection',
    by: 'anybody',
    wordings: [
      ['econnrefused'],
      ['econnreset'],
      ['enotfound'],
      ['eai_again'],
      ['socket hang up'],
      ['fetch failed'],
      ['failed to fetch'],
      ['connection refused'],
      ['connection reset'],
      ['error sending request'],
      ['could not connect'],
      ['could not detect network'],
      ['network error'],
      ['error trying to connect'],
      ['dial tcp'],
      ['socket disconnected'],
      ['certificate has expired'],
      ['self-signed certificate'],
      ['write epipe'],
      ['und_err_'],
    ],
    causes: ['rpc-fault', 'masked-reason'],
  },
  {
    name: 'transaction reverted on chain',
    on: 'evm',
    stage: 'reverted',
    wordings: [['transaction 0x', 'reverted'], ['transaction reverted on chain'], ['transaction was mined but reverted']],
    causes: [
      'masked-reason',
      'executed-by-third-party',
      'authorization-used',
      'expired',
      'facilitator-gas-limit',
      'insufficient-balance',
      'blacklisted',
      'paused',
    ],
    retry: 'unknown',
  },
  {
    // viem says "reverted with the following reason" of this too.
    name: 'internal error',
    wordings: [['internal error'], ['internal json-rpc error']],
    causes: ['rpc-fault'],
    party: 'rpc',
  },
  {
    // serde's of a value that stands where it should, in another JSON type.
    name: 'value has the wrong type',
    wordings: [['invalid type: ', ', expected ']],
    by: 'facilitator',
    fields: true,
    causes: ['malformed-field', 'wire-version-mismatch', 'facilitator-schema-limit'],
    retry: 'fix-first',
  },
  {
    // serde's and axum's words of a body that is not what the server reads: they say nothing about what is in it.
    name: 'request body can not be read',
    wordings: [
      ['failed to deserialize'],
      ['data did not match any variant'],
      ['failed to parse the request body'],
      ['missing field `'],
      ['unknown field `'],
      ['unknown variant `'],
    ],
    by: 'facilitator',
    fields: true,
    causes: ['wire-version-mismatch', 'malformed-field', 'facilitator-schema-limit', 'header-encoding', 'network-unsupported'],
  },
  {
    // A relayer's own transaction that the node can not read: the payer signed none.
    name: 'transaction can not be decoded',
    on: 'evm',
    wordings: [
      ['rlp: '],
      ['typed transaction too short'],
      ['transaction type not supported'],
      ['transaction type not valid in this context'],
      ['failed to decode signed transaction'],
      ['could not decode transaction'],
    ],
    causes: ['facilitator-config-drift', 'rpc-wrong-chain'],
    party: 'facilitator',
    retry: 'send-same',
  },
  {
    // noble's and viem's words for r or s of zero or above the curve's order.
    name: 'signature out of range',
    by: 'client',
    wordings: [['expected valid s'], ['expected valid r'], ['invalid signature: r and s'], ['invalid field element: expected 1 <= n']],
    causes: ['malformed-field', 'signature-byte-order', 'signature-length'],
    party: 'client',
  },
  {
    name: 'payment authorized and refused',
    wordings: [['payment was authorized but rejected']],
    by: 'facilitator',
    causes: ['masked-reason'],
    retry: 'unknown',
  },
]

/** All rules in the order in which they are tried. Solana's come first: their sentences are the longer ones. Clients' come before nodes', some of whose words are in theirs. */
export const nodeRules: readonly NodeRule[] = [...solanaRules, ...clientRules, ...ethereumRules]

/** The first rule that fits a text; `text` in any case. `chain` is the kind of chain that it is about, where that is known: rules of the other are left out. */
export function findNodeRule(text: string, chain?: SpokenChain): NodeRule | undefined {
  const lower = ` ${text}`.toLowerCase().replaceAll('’', "'")
  const fits = ({ on, onlyWhereNamed, wordings }: NodeRule): boolean =>
    (on === undefined || on === chain || (chain === undefined && onlyWhereNamed !== true)) &&
    wordings.some((parts) => parts.every((part) => lower.includes(part)))
  return nodeRules.find(fits)
}

/** What a JSON-RPC code says when the text beside it says nothing else. Codes collide between nodes, so the lists are wide. */
export interface RpcCode {
  readonly name: string
  /** Parts, in lower case, of messages that say no more than the number does: the standards' own, and how libraries word them. */
  readonly words: readonly string[]
  readonly causes: readonly CauseId[]
  readonly party?: Party
}

/**
 * Sources: JSON-RPC 2.0, EIP-1474, EIP-1193, Besu RpcErrorType (-32001 to -32009), Solana's RpcCustomError (-32002 to -32016), and the
 * error pages of Infura, QuickNode, Ankr and Goldsky; the words are EIP-1474's, and viem's for the same.
 */
export const rpcCodes: Readonly<Record<string, RpcCode>> = {
  '3': { name: 'execution error', words: ['execution error'], causes: [] },
  '-32000': { name: 'server error', words: ['server error', 'missing or invalid parameters', 'invalid input'], causes: [] },
  '-32001': {
    name: 'resource not found',
    words: ['resource not found', 'requested resource not found'],
    causes: ['rpc-fault', 'facilitator-nonce'],
  },
  '-32002': { name: 'resource unavailable', words: ['resource unavailable', 'requested resource not available'], causes: ['rpc-fault'] },
  '-32003': {
    name: 'transaction rejected',
    words: ['transaction rejected', 'transaction creation failed'],
    causes: ['facilitator-out-of-gas-money', 'facilitator-nonce', 'facilitator-gas-limit', 'svm-signature-invalid'],
  },
  '-32004': {
    name: 'method not supported',
    words: ['method not supported', 'method is not implemented', 'is not implemented', 'method is not supported'],
    causes: ['rpc-fault', 'facilitator-out-of-gas-money'],
  },
  '-32005': {
    name: 'limit exceeded',
    words: ['limit exceeded', 'request exceeds defined limit'],
    causes: ['rpc-fault', 'facilitator-gas-limit'],
  },
  '-32006': {
    name: 'version not supported',
    words: ['version not supported', 'version of json-rpc protocol is not supported', 'jsonrpc version not supported'],
    causes: ['rpc-fault', 'facilitator-nonce'],
  },
  '-32007': { name: 'request limit reached', words: ['request limit reached'], causes: ['rpc-fault'] },
  '-32008': { name: 'node is not ready', words: ['node is not ready'], causes: ['rpc-fault'], party: 'rpc' },
  '-32009': { name: 'gas price too low', words: ['gas price too low'], causes: ['facilitator-fee-too-low', 'rpc-fault'] },
  '-32010': {
    name: 'transaction not accepted',
    words: ['transaction not accepted'],
    causes: ['facilitator-fee-too-low', 'facilitator-nonce', 'facilitator-out-of-gas-money'],
  },
  '-32014': {
    name: 'state not available',
    words: ['state not available', 'requested data is not here'],
    causes: ['rpc-fault', 'rpc-lagging'],
    party: 'rpc',
  },
  '-32015': { name: 'VM execution error', words: ['vm execution error'], causes: [] },
  '-32016': { name: 'request not allowed', words: ['request not allowed'], causes: ['rpc-fault'], party: 'rpc' },
  '-32052': { name: 'API key not allowed', words: ['api key not allowed', 'api key is not allowed'], causes: ['rpc-fault'], party: 'rpc' },
  '-32600': {
    name: 'invalid request',
    words: ['invalid request', 'json is not a valid request object'],
    causes: ['rpc-fault', 'facilitator-config-drift'],
  },
  '-32601': {
    name: 'method not found',
    words: ['method not found', 'method does not exist', 'does not exist / is not available'],
    causes: ['rpc-fault', 'facilitator-config-drift'],
  },
  '-32602': {
    name: 'invalid params',
    words: ['invalid params', 'invalid parameters', 'invalid method parameter', 'invalid argument'],
    causes: ['rpc-fault', 'malformed-field'],
  },
  '-32603': {
    name: 'internal error',
    words: ['internal error', 'internal json-rpc error', 'internal json rpc error'],
    causes: ['rpc-fault'],
  },
  '-32700': { name: 'parse error', words: ['parse error', 'invalid json'], causes: ['rpc-fault'] },
  '4444': { name: 'pruned history unavailable', words: ['pruned history'], causes: ['rpc-fault'], party: 'rpc' },
}

/** What an HTTP status says when its body says nothing. */
export interface HttpStatus {
  readonly means: string
  /** From a facilitator, or from who is not known. */
  readonly causes: readonly CauseId[]
  readonly retry?: RetryAction
}

const unanswered: HttpStatus = {
  means: 'no answer from the server',
  causes: ['rpc-fault', 'masked-reason', 'settlement-unconfirmed', 'paid-not-delivered'],
  retry: 'unknown',
}

/** Statuses that facilitators and providers answer with. After a 5xx the settlement may still have been sent. */
export const httpStatuses: Readonly<Record<string, HttpStatus>> = {
  '400': {
    means: 'bad request',
    causes: [
      'wire-version-mismatch',
      'malformed-field',
      'facilitator-schema-limit',
      'header-encoding',
      'network-unsupported',
      'masked-reason',
    ],
  },
  '401': { means: 'unauthorized', causes: ['facilitator-auth', 'rpc-fault'] },
  '402': {
    means: 'payment required',
    causes: ['masked-reason', 'wire-version-mismatch', 'header-encoding', 'accepted-mismatch', 'paid-not-delivered'],
  },
  '403': { means: 'forbidden', causes: ['facilitator-auth', 'rpc-fault', 'facilitator-policy-refusal'] },
  '404': { means: 'not found', causes: ['facilitator-config-drift', 'network-unsupported'] },
  '405': { means: 'method not allowed', causes: ['facilitator-config-drift'] },
  '408': { means: 'request timeout', causes: ['rpc-fault', 'settlement-unconfirmed'], retry: 'unknown' },
  '409': { means: 'conflict', causes: ['authorization-used', 'settlement-unconfirmed', 'facilitator-replays-answer'], retry: 'unknown' },
  '412': { means: 'precondition failed', causes: ['permit2-allowance-missing', 'masked-reason'] },
  '413': { means: 'content too large', causes: ['header-encoding', 'facilitator-schema-limit'] },
  '415': { means: 'unsupported media type', causes: ['header-encoding', 'facilitator-config-drift'] },
  '422': { means: 'content cannot be processed', causes: ['wire-version-mismatch', 'malformed-field', 'facilitator-schema-limit'] },
  '429': { means: 'too many requests', causes: ['rpc-fault'] },
  '431': { means: 'header fields too large', causes: ['header-encoding'] },
  '451': { means: 'unavailable for legal reasons', causes: ['facilitator-policy-refusal'] },
  '500': {
    means: 'internal server error',
    causes: ['masked-reason', 'rpc-fault', 'settlement-unconfirmed', 'paid-not-delivered'],
    retry: 'unknown',
  },
  '501': { means: 'not implemented', causes: ['network-unsupported', 'facilitator-config-drift'] },
  '502': { ...unanswered, means: 'bad gateway' },
  '503': { ...unanswered, means: 'service unavailable' },
  '504': { ...unanswered, means: 'gateway timeout' },
  '520': unanswered,
  '521': unanswered,
  '522': { ...unanswered, means: 'connection timed out' },
  '524': { ...unanswered, means: 'a timeout occurred' },
  '530': unanswered,
}

const namedRelayer = /\b(?:address|account|sender|relayer|signer)["':= ]{0,5}(0x[0-9a-fA-F]{40})(?![0-9a-fA-F])/g
const fromAddress = /\bfrom["':= ]{0,5}(0x[0-9a-fA-F]{40})(?![0-9a-fA-F])/

/**
 * The relayer's address as a transaction pool names it (`address 0x… have 0 want 3000`), or as the request that a library prints
 * beside the error. The `from` of an authorization is the payer's, and viem's `address:` of a contract call the token's: both are
 * left alone.
 */
export function findRelayer(text: string): string | undefined {
  for (const match of text.matchAll(namedRelayer)) {
    if (match[0].startsWith('address') && text.slice(Math.max(0, match.index - 24), match.index).includes('Call')) continue
    return match[1]
  }
  const from = fromAddress.exec(text)
  if (from === null) return undefined
  const around = text.slice(Math.max(0, from.index - 300), from.index + 300)
  return /valid_?(?:after|before)/i.test(around) ? undefined : from[1]
}
