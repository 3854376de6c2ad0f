import {
  type Address,
  concatHex,
  encodeAbiParameters,
  encodeFunctionData,
  type Hex,
  hashTypedData,
  hexToBytes,
  pad,
  parseAbi,
  serializeErc6492Signature,
  stringToHex,
  toHex,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'

/** A public test key: nobody's money. */
export const payer = privateKeyToAccount('0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d')
const relayer = privateKeyToAccount('0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a')

const token: Address = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

export interface Signed {
  readonly authorization: {
    readonly from: Address
    readonly to: Address
    readonly value: bigint
    readonly validAfter: bigint
    readonly validBefore: bigint
    readonly nonce: Hex
  }
  readonly digest: Hex
  /** 64 digits each, without a 0x. */
  readonly r: string
  readonly s: string
  readonly v: 27 | 28
}

const types = {
  TransferWithAuthorization: [
    { name: 'from', type: 'address' },
    { name: 'to', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'validAfter', type: 'uint256' },
    { name: 'validBefore', type: 'uint256' },
    { name: 'nonce', type: 'bytes32' },
  ],
} as const
const domain = { name: 'USD Coin', version: '2', chainId: 8453, verifyingContract: token } as const

/** A payment whose window is open for years. Nonces are counted, so that each run has the same ones. */
export async function sign(count: number): Promise<Signed> {
  const authorization = {
    from: payer.address,
    to: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
    value: 10_000n,
    validAfter: 1_740_672_089n,
    validBefore: 2_000_000_000n,
    nonce: `0x7e${count.toString(16).padStart(8, '0')}${'5ac3'.repeat(13)}e1` as Hex,
  } as const
  const typedData = { domain, types, primaryType: 'TransferWithAuthorization', message: authorization } as const
  const signature = await payer.signTypedData(typedData)
  const v = Number(`0x${signature.slice(130)}`)
  return { authorization, digest: hashTypedData(typedData), r: signature.slice(2, 66), s: signature.slice(66, 130), v: v === 27 ? 27 : 28 }
}

/** A signature in one spelling: as a member of JSON has it, and as bytes where calldata can carry those. */
interface Spelling {
  readonly name: string
  readonly json: string
  readonly bytes?: Hex
}

/** How clients, libraries, key services, wallets, logs and slips of the hand write one signature. */
function spellings({ r, s, v }: Signed): readonly Spelling[] {
  const vByte = v.toString(16)
  const whole: Hex = `0x${r}${s}${vByte}`
  const vs = (BigInt(`0x${s}`) | (v === 28 ? 1n << 255n : 0n)).toString(16).padStart(64, '0')
  const compact: Hex = `0x${r}${vs}`
  const high = (order - BigInt(`0x${s}`)).toString(16).padStart(64, '0')
  const [bytes, compactBytes] = [hexToBytes(whole), hexToBytes(compact)]
  const reverse = (digits: string): string => Buffer.from(digits, 'hex').reverse().toString('hex')
  const base64 = (data: Uint8Array): string => Buffer.from(data).toString('base64')
  const shortened = (digits: string): string => digits.replace(/^(?:00)+/, '')
  const of = (name: string, hex: Hex): Spelling => ({ name, json: JSON.stringify(hex), bytes: hex })
  const as = (name: string, value: unknown): Spelling => ({ name, json: JSON.stringify(value) })
  const integer = (digits: string): Hex => {
    const short = shortened(digits)
    const bytesOf = Number.parseInt(short.slice(0, 2), 16) >= 0x80 ? `00${short}` : short
    return `0x02${(bytesOf.length / 2).toString(16).padStart(2, '0')}${bytesOf}`
  }
  const sequence = concatHex([integer(r), integer(s)])
  const der: Hex = concatHex(['0x30', toHex(hexToBytes(sequence).length), sequence])
  const words = (...parts: string[]): Hex => `0x${parts.map((part) => part.padStart(64, '0')).join('')}`
  const python = `b'${[...bytes].map((byte) => (byte >= 0x20 && byte < 0x7f && byte !== 0x27 && byte !== 0x5c ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`)).join('')}'`
  const contents = 'TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)'
  return [
    of('hex', whole),
    as('hex in upper case', `0x${whole.slice(2).toUpperCase()}`),
    as('hex behind 0X', `0X${whole.slice(2)}`),
    as('hex without 0x', whole.slice(2)),
    as('hex with spaces', `${whole.slice(0, 40)} ${whole.slice(40, 90)}\n${whole.slice(90)}`),
    as('hex in pairs', [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':')),
    as('hex with a wrong digit', `${whole.slice(0, 20)}g${whole.slice(21)}`),
    of('with v of 0 or 1', `0x${r}${s}${v === 27 ? '00' : '01'}`),
    of('with the v of EIP-155', `0x${r}${s}${(v + 8).toString(16)}`),
    of('with an unknown v', `0x${r}${s}05`),
    of('with a high s', `0x${r}${high}${(55 - v).toString(16)}`),
    of('EIP-2098', compact),
    of('without v', `0x${r}${s}`),
    of('swapped', `0x${s}${r}${vByte}`),
    of('swapped, with a high s', `0x${high}${r}${(55 - v).toString(16)}`),
    of('swapped, without v', `0x${s}${r}`),
    of('v r s', `0x${vByte}${r}${s}`),
    of('v s r', `0x${vByte}${s}${r}`),
    of('bytes of each half reversed', `0x${reverse(r)}${reverse(s)}${vByte}`),
    of('all bytes reversed', `0x${reverse(`${r}${s}${vByte}`)}`),
    of('without leading zeros', `0x${shortened(r)}${shortened(s)}${vByte}`),
    of('cut by a byte', `0x${r}${s.slice(0, 62)}`),
    of('cut by two', `0x${r}${s.slice(0, 60)}`),
    of('cut by five', `0x${r}${s.slice(0, 54)}`),
    as('cut by a digit', `0x${r}${s}1`),
    as('cut in the middle of s', `0x${r}${s.slice(0, 33)}`),
    of('with bytes behind', `${whole}deadbe`),
    of('with a byte in front', `0x00${r}${s}${vByte}`),
    as('a list of bytes', [...bytes]),
    as('a list of 64 bytes', [...compactBytes]),
    as(
      'a list of signed bytes',
      [...bytes].map((byte) => (byte > 127 ? byte - 256 : byte)),
    ),
    as(
      'a list of hex bytes',
      [...bytes].map((byte) => `0x${byte.toString(16)}`),
    ),
    as('a Buffer', { type: 'Buffer', data: [...bytes] }),
    as('a Uint8Array', { ...bytes }),
    as('base64', base64(bytes)),
    as('base64 of 64 bytes', base64(compactBytes)),
    as('base64url', base64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')),
    as('base64 in lines', base64(bytes).replace(/(.{40})/g, '$1\n')),
    as('base64 of DER', base64(hexToBytes(der))),
    as('base64 of hex', base64(Buffer.from(whole))),
    as('percent-encoded base64', encodeURIComponent(base64(bytes))),
    as('bytes of Python', python),
    as('bytes as text', String.fromCharCode(...bytes)),
    of('DER', der),
    of('DER and v', concatHex([der, `0x${vByte}`])),
    of('hex of hex', stringToHex(whole)),
    of('hex of base64', stringToHex(base64(bytes))),
    of('ABI bytes', encodeAbiParameters([{ type: 'bytes' }], [whole])),
    of('three words', words(r, s, vByte)),
    of('three words, v first', words(vByte, r, s)),
    of(
      'ERC-6492',
      serializeErc6492Signature({ address: '0x0BA5ED0c6AA8c49038F819E587E2633c4A9F428a', data: '0x12345678', signature: whole }),
    ),
    of("Coinbase's wrapper", encodeAbiParameters([{ type: 'uint256' }, { type: 'bytes' }], [0n, whole])),
    of("a Safe's, by eth_sign", `0x${r}${s}${(v + 4).toString(16)}`),
    of("a Safe's, of two owners", concatHex([whole, `0x${s}${r}${vByte}`])),
    of("Kernel's, of a validator", concatHex(['0x01', '0x845ADb2C711129d4f3966735eD98a9F09fC4cE57', whole])),
    of('ERC-7739', concatHex([whole, pad('0xaa'), pad('0xbb'), stringToHex(contents), toHex(contents.length, { size: 2 })])),
    as('{r, s, v}', { r: `0x${r}`, s: `0x${s}`, v }),
    as('{r, s, yParity}', { r: `0x${r}`, s: `0x${s}`, yParity: v - 27 }),
    as('{r, s, v} without 0x', { r, s, v: String(v) }),
    as('{r, s, v} without leading zeros', { r: `0x${shortened(r)}`, s: `0x${shortened(s)}`, v }),
    as('{r, s, v} swapped', { r: `0x${s}`, s: `0x${r}`, v }),
    as('{r, s} without v', { r: `0x${r}`, s: `0x${s}` }),
    as('{r, s, v} as decimal text', { r: String(BigInt(`0x${r}`)), s: String(BigInt(`0x${s}`)), v }),
    { name: '{r, s, v} as numbers', json: `{"r":${BigInt(`0x${r}`)},"s":${BigInt(`0x${s}`)},"v":${v}}` },
    as('{r, s, v} as lists', { r: [...bytes.slice(0, 32)], s: [...bytes.slice(32, 64)], v }),
    as('{r, s, v} as base64', { r: base64(bytes.slice(0, 32)), s: base64(bytes.slice(32, 64)), v }),
    as('{r, vs}', { r: `0x${r}`, vs: `0x${vs}` }),
    as('{signature}', { signature: whole }),
    as('{serialized}', { serialized: whole, r: `0x${r}`, s: `0x${s}` }),
    { name: 'a number', json: String(BigInt(whole)) },
    as('decimal text', String(BigInt(whole))),
    as('inside a sentence', `the signature is ${whole}`),
  ]
}

/** A payment in one wire form with the signature in one spelling. */
export interface Form {
  readonly name: string
  readonly spelling: string
  readonly wire: 'settle body' | 'header' | 'bare' | 'log line' | 'calldata' | 'text'
  readonly text: string
}

const offer = {
  scheme: 'exact',
  network: 'eip155:8453',
  amount: '10000',
  asset: token,
  payTo: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
  maxTimeoutSeconds: 600,
  extra: { name: 'USD Coin', version: '2' },
}

const transfer = parseAbi([
  'function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, uint8 v, bytes32 r, bytes32 s)',
  'function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, bytes signature)',
])

/** Every spelling in the JSON forms, in calldata where it has bytes, and what logs make of it. */
export async function forms(signed: Signed): Promise<readonly Form[]> {
  const { authorization, r, s, v } = signed
  const { from, to, value, validAfter, validBefore, nonce } = authorization
  const members = JSON.stringify({
    from,
    to,
    value: String(value),
    validAfter: String(validAfter),
    validBefore: String(validBefore),
    nonce,
  })
  const out: Form[] = []
  for (const { name, json, bytes } of spellings(signed)) {
    const put = (wire: Form['wire'], text: string): void => {
      out.push({ name: `${name}, ${wire}`, spelling: name, wire, text })
    }
    const payload = `{"x402Version":2,"accepted":${JSON.stringify(offer)},"payload":{"signature":${json},"authorization":${members}}}`
    put('settle body', `{"paymentPayload":${payload},"paymentRequirements":${JSON.stringify(offer)}}`)
    put('header', Buffer.from(payload).toString('base64'))
    put('bare', `{"network":"base","asset":"${token}","authorization":${members},"signature":${json}}`)
    put(
      'log line',
      `2026-01-01T00:00:00Z ERROR settle failed: {"network":"base","authorization":${members},"signature":${json}} (attempt 2)`,
    )
    if (bytes !== undefined) {
      const data = encodeFunctionData({
        abi: transfer,
        functionName: 'transferWithAuthorization',
        args: [from, to, value, validAfter, validBefore, nonce, bytes],
      })
      put('calldata', JSON.stringify({ chainId: 8453, to: token, data }))
    }
  }
  const call = encodeFunctionData({
    abi: transfer,
    functionName: 'transferWithAuthorization',
    args: [from, to, value, validAfter, validBefore, nonce, v, `0x${r}`, `0x${s}`],
  })
  const raw = await relayer.signTransaction({
    chainId: 8453,
    to: token,
    data: call,
    gas: 100_000n,
    maxFeePerGas: 1n,
    nonce: 0,
    type: 'eip1559',
  })
  const args = `(${from}, ${to}, ${value}, ${validAfter}, ${validBefore}, ${nonce}, ${v}, 0x${r}, 0x${s})`
  const alone = (name: string, text: string): Form => ({ name, spelling: name, wire: 'text', text })
  return [
    ...out,
    alone('calldata with v, r, s', call),
    alone('calldata with s and r swapped', `${call.slice(0, -128)}${s}${r}`),
    alone('raw transaction', raw),
    alone('signature alone', `0x${r}${s}${v.toString(16)}`),
    alone('swapped signature alone', `0x${s}${r}${v.toString(16)}`),
    alone('compact signature alone', `0x${r}${s}`),
    alone(
      "viem's error",
      `ContractFunctionExecutionError: The contract function "transferWithAuthorization" reverted with the following reason:\nFiatTokenV2: invalid signature\n\nContract Call:\n  address:   ${token}\n  function:  transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, uint8 v, bytes32 r, bytes32 s)\n  args:                               ${args}\n  sender:    ${relayer.address}`,
    ),
    alone(
      "ethers' error",
      `Error: execution reverted: "FiatTokenV2: invalid signature" (action="estimateGas", data="0x08c379a0", transaction={ "data": "${call}", "from": "${relayer.address}", "to": "${token}" }, code=CALL_EXCEPTION, version=6.17.0)`,
    ),
    alone('a log of a list', `execution reverted: FiatTokenV2: invalid signature sig=[${[...hexToBytes(`0x${r}${s}`)].join(', ')}]`),
    alone(
      'a log of base64',
      `execution reverted: FiatTokenV2: invalid signature (signature ${Buffer.from(`${r}${s}`, 'hex').toString('base64')})`,
    ),
    alone('a log of swapped halves', `execution reverted: invalid signature, r=0x${s} s=0x${r} v=${v}`),
    alone("OpenZeppelin's error", `execution reverted, data: "0xd78bce0c${(order - BigInt(`0x${s}`)).toString(16).padStart(64, '0')}"`),
  ]
}
