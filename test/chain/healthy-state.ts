import type { EvmPayment } from '@eip3009/core'
import type { ChainAnswer, ChainReader, ChainState, Known } from '@eip3009/core/chain'

const known = <T>(value: T): Known<T> => ({ known: true, value })

/** What a chain says of a payment that nothing stands against, read in the middle of its window. A test changes what it is about. */
export function healthyState({ authorization, network, token }: EvmPayment): ChainState {
  if (network === undefined || token === undefined) throw new TypeError('the payment names no token of a known network')
  const own = [network.usdc, ...network.otherTokens].find(({ address }) => address === token) ?? network.usdc
  const time = (authorization.validAfter + authorization.validBefore) / 2n
  const hash: `0x${string}` = `0x${'b1'.repeat(32)}`
  return {
    kind: 'read',
    source: 'rpc.example.com',
    chainId: network.chainId,
    block: { number: 1_000n, hash, time },
    newest: true,
    head: { number: 1_000n, time },
    finality: { safe: known({ number: 990n, time: time - 20n }), finalized: known({ number: 900n, time: time - 200n }) },
    again: known({ hash, time }),
    nextTime: known(null),
    token: {
      address: own.address,
      code: known(1_852),
      responds: known(true),
      implementation: known(null),
      functions: {
        'transfer-vrs': known(own.overloads.vrs),
        'transfer-bytes': known(own.overloads.bytes),
        'receive-vrs': known(own.overloads.vrs),
        'receive-bytes': known(own.overloads.bytes),
        authorizationState: known(true),
      },
      name: known(own.name),
      version: known(own.version),
      symbol: known(own.symbol),
      decimals: known(own.decimals),
      separator: known(own.separator ?? null),
      paused: known(false),
    },
    payer: {
      code: known({ kind: 'none' }),
      sameCode: known(true),
      balance: known(authorization.value),
      blacklisted: known(false),
      native: known(0n),
      owners: known(null),
    },
    payee: { code: known({ kind: 'none' }), blacklisted: known(false) },
    nonce: { used: known(false), usedNow: known(false), settlement: known(null) },
    simulated: { atBlock: known({ outcome: 'succeeds' }), pending: known({ outcome: 'succeeds' }) },
    wallet: [],
    deployment: null,
    facilitator: null,
  }
}

/** A chain that answers this, whatever it is asked. */
export function readerOf(answer: ChainAnswer): ChainReader {
  return { source: answer.source, read: async () => answer }
}
