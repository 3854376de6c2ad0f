import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { runs } from '../../../../test/runs.ts'
import { Eip3009Error } from '../errors/eip3009-error.ts'
import { defineNetwork } from './define-network.ts'

const usdc = { address: '0x036CbD53842c5426634e7929541eC2318f3dCF7e', name: 'USDC' }
const evm = { id: 'my-chain', chainId: 31337, usdc } as const
const solana = {
  family: 'solana',
  id: 'my-cluster',
  genesisHash: '5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d',
  mint: 'EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v',
} as const

/** What a file holds that the type system has never seen. */
function defineUntyped(input: unknown): unknown {
  return defineNetwork(input as Parameters<typeof defineNetwork>[0])
}

function refusal(input: unknown): string {
  try {
    defineUntyped(input)
  } catch (error) {
    if (error instanceof Eip3009Error) return `${error.code}: ${error.message}`
    throw error
  }
  return 'accepted'
}

test('the least that makes an EVM network', () => {
  const network = defineNetwork({ ...evm, usdc: { ...usdc, address: usdc.address.toLowerCase() } })
  expect(network).toEqual({
    family: 'evm',
    id: 'my-chain',
    testnet: false,
    chainId: 31337,
    caip2: 'eip155:31337',
    x402Names: [],
    aliases: [],
    usdc: {
      symbol: 'USDC',
      address: '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
      name: 'USDC',
      version: '2',
      layout: 'standard',
      decimals: 6,
      family: 'FiatTokenV2_2',
      overloads: { vrs: true, bytes: true },
    },
    otherTokens: [],
    lookalikes: [],
    rpcUrls: [],
    blockTime: 2,
    eip1559: true,
    nativeCurrency: 'ETH',
    wrongValues: [],
    doubts: [],
    sources: [],
  })
  const id: 'my-chain' = network.id
  expect(id).toBe('my-chain')
})

test('the least that makes a Solana cluster', () => {
  expect(defineNetwork(solana)).toMatchObject({
    caip2: 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp',
    decimals: 6,
    tokenProgram: 'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA',
    lookalikes: [],
  })
})

describe('bad networks are refused in one sentence', () => {
  test.each([
    [undefined, 'The network: it is missing; expected an object with named fields.'],
    [[], 'The network: it is a list; expected an object with named fields.'],
    [{}, 'The network: chainId is missing; expected a positive whole number without quotes, such as 8453.'],
    [
      { ...evm, chainId: '31337' },
      'Network "my-chain": chainId is "31337"; expected a positive whole number without quotes, such as 8453.',
    ],
    [{ ...evm, chainId: 0 }, 'Network "my-chain": chainId is 0; expected a positive whole number without quotes, such as 8453.'],
    [{ ...evm, chainId: 1.5 }, 'Network "my-chain": chainId is 1.5; expected a positive whole number without quotes, such as 8453.'],
    [
      { ...evm, chainId: 2 ** 53 },
      'Network "my-chain": chainId is 9007199254740992; expected a positive whole number without quotes, such as 8453.',
    ],
    [{ ...evm, chainID: 1 }, 'Network "my-chain": "chainID" is not a field of a network; expected one of family, id,'],
    [
      { ...evm, id: 'My Chain' },
      'Network "My Chain": id is "My Chain"; expected lower-case letters, digits and hyphens, a letter first, such as "my-chain".',
    ],
    [{ ...evm, id: '8453' }, 'Network "8453": id is "8453"; expected lower-case letters'],
    [{ ...evm, family: 'svm' }, 'Network "my-chain": family is "svm"; expected "evm" or "solana".'],
    [{ ...evm, caip2: 'eip155:1' }, 'Network "my-chain": caip2 is "eip155:1"; expected eip155:31337, which is what chainId 31337 makes.'],
    [{ ...evm, usdc: undefined }, 'Network "my-chain": usdc is missing; expected an object with named fields.'],
    [
      { ...evm, usdc: { ...usdc, name: undefined } },
      'Network "my-chain": usdc.name is missing; expected text without spaces around it, in quotes.',
    ],
    [
      { ...evm, usdc: { ...usdc, name: 'USDC ' } },
      'Network "my-chain": usdc.name is "USDC "; expected text without spaces around it, in quotes.',
    ],
    [
      { ...evm, usdc: { ...usdc, version: 2 } },
      'Network "my-chain": usdc.version is 2; expected text without spaces around it, in quotes.',
    ],
    [
      { ...evm, usdc: { ...usdc, address: '0x036C' } },
      'Network "my-chain": usdc.address is "0x036C"; expected an address: 0x and 40 hex digits.',
    ],
    [
      { ...evm, usdc: { ...usdc, address: '0x036CbD53842c5426634e7929541eC2318f3dCF7E' } },
      'Network "my-chain": usdc.address is "0x036CbD53842c5426634e7929541eC2318f3dCF7E"; expected the checksum form 0x036CbD53842c5426634e7929541eC2318f3dCF7e if the digits are right, or all lower case to skip the check.',
    ],
    [
      { ...evm, usdc: { ...usdc, decimals: -1 } },
      'Network "my-chain": usdc.decimals is -1; expected a whole number from 0 to 77, 6 for USDC.',
    ],
    [{ ...evm, usdc: { ...usdc, layout: 'salted' } }, 'Network "my-chain": usdc.layout is "salted"; expected "standard" or "salt".'],
    [
      { ...evm, usdc: { ...usdc, overloads: { vrs: true } } },
      'Network "my-chain": usdc.overloads.bytes is missing; expected true or false.',
    ],
    [
      { ...evm, usdc: { ...usdc, separator: '0x12' } },
      'Network "my-chain": usdc.separator is "0x12"; expected 0x and 64 lower-case hex digits.',
    ],
    [{ ...evm, otherTokens: {} }, 'Network "my-chain": otherTokens is an object; expected a list in square brackets.'],
    [
      { ...evm, otherTokens: [usdc] },
      'Network "my-chain": otherTokens[0].symbol is missing; expected text without spaces around it, in quotes.',
    ],
    [{ ...evm, blockTime: 0 }, 'Network "my-chain": blockTime is 0; expected a positive number of seconds.'],
    [{ ...evm, testnet: 'yes' }, 'Network "my-chain": testnet is "yes"; expected true or false.'],
    [{ ...evm, aliases: [1] }, 'Network "my-chain": aliases[0] is 1; expected text without spaces around it, in quotes.'],
    [{ ...evm, checked: 'today' }, 'Network "my-chain": checked is "today"; expected year and month, such as "2026-11".'],
    [
      { ...evm, doubts: [{ fact: 'x', source: 'y', confidence: 'high' }] },
      'Network "my-chain": doubts[0].confidence is "high"; expected "medium" or "low".',
    ],
    [{ ...solana, mint: '0x12' }, 'Network "my-cluster": mint is "0x12"; expected the base58 address of the USDC mint.'],
    [
      { ...solana, caip2: `solana:${solana.genesisHash}` },
      'expected solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp: the first 32 characters of the genesis hash.',
    ],
    [{ ...solana, chainId: 101 }, 'Network "my-cluster": "chainId" is not a field of a network;'],
  ])('%#', (input, sentence) => {
    const said = refusal(input)
    expect(said).toMatch(/^invalid-network: /)
    expect(said).toContain(sentence)
  })

  test('a URL is never printed, since it may carry a key', () => {
    const said = refusal({ ...evm, rpcUrls: ['rpc.example.com/v2/SECRET'] })
    expect(said).toBe(
      'invalid-network: Network "my-chain": rpcUrls[0] is not a URL; expected one that starts with http, https, ws or wss, then ://.',
    )
  })
})

test('anything at all is either a network or refused with a typed error', () => {
  const fields = fc.constantFrom(
    'family',
    'id',
    'chainId',
    'usdc',
    'rpcUrls',
    'lookalikes',
    'otherTokens',
    'aliases',
    'blockTime',
    'doubts',
    'caip2',
  )
  let refused = 0
  fc.assert(
    fc.property(fc.dictionary(fields, fc.anything()), (changes) => {
      if (refusal({ ...evm, ...changes }) !== 'accepted') refused++
    }),
    { numRuns: 500 },
  )
  expect(refused).toBeGreaterThan(runs(100))
})

describe("a token's family", () => {
  const token = { address: usdc.address, name: 'A Dollar' }
  const defined = (extra: object) => defineNetwork({ ...evm, usdc: { ...token, ...extra } }).usdc

  test('decides what is left out', () => {
    expect(defined({ version: '1', family: 'ERC3009' })).toMatchObject({
      family: 'ERC3009',
      layout: 'standard',
      overloads: { vrs: true, bytes: false },
    })
    expect(defined({ version: '1', family: 'UChildAdministrableERC20' })).toMatchObject({
      layout: 'salt',
      overloads: { vrs: true, bytes: false },
    })
    expect(defined({ version: '1', family: 'ERC20TransferAuthorization' })).toMatchObject({ overloads: { vrs: true, bytes: true } })
  })

  test.each([
    ['a version', { version: '1' }],
    ['a layout', { layout: 'salt' }],
    ['overloads', { overloads: { vrs: true, bytes: false } }],
  ])('is not taken for v2.2 where %s is another', (_what, extra) => {
    expect(defined(extra)).not.toHaveProperty('family')
  })

  test('is one that is known, with a version of its own', () => {
    expect(() => defined({ family: 'ERC3009' })).toThrow(/usdc\.version is missing/)
    expect(() => defined({ family: 'Dai', version: '1' })).toThrow(/usdc\.family is "Dai"; expected one of FiatTokenV2, /)
  })
})
