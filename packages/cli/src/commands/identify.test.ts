import { hashDomain } from 'viem'
import { describe, expect, it } from 'vitest'
import { run } from '../../../../test/fake-console.ts'

const usdcE = '0x294369e003769a2d4d625e8a9ebebffa09ff70dd7c708497d8b56d2c2d199a19'
const types = {
  EIP712Domain: [
    { name: 'name', type: 'string' },
    { name: 'version', type: 'string' },
    { name: 'chainId', type: 'uint256' },
    { name: 'verifyingContract', type: 'address' },
  ],
}
const separatorOf = (domain: object): string => hashDomain({ domain, types } as Parameters<typeof hashDomain>[0])

describe('identify', () => {
  it("tells Polygon's bridged token by its salt", async () => {
    const { code, out } = await run(['identify', usdcE])
    expect(code).toBe(0)
    expect(out).toMatchInlineSnapshot(`
      "✓ FOUND        USDC.e on polygon (lookalike): its own domain
        name               "USD Coin (PoS)"
        version            "1"
        verifyingContract  0x2791Bca1f2de4661ED88A30C99A7a9449Aa84174
        salt               0x0000000000000000000000000000000000000000000000000000000000000089 (polygon, 137)
        separator          0x294369e003769a2d4d625e8a9ebebffa09ff70dd7c708497d8b56d2c2d199a19
        type               EIP712Domain(string name,string version,address verifyingContract,bytes32 salt)
        tried              49 domains
      "
    `)
  })

  it('says what is wrong about a domain, and who has it', async () => {
    const separator = separatorOf({
      name: 'USDC',
      version: '2',
      chainId: 8453,
      verifyingContract: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
    })
    const { out } = await run(['identify', separator.slice(2).toUpperCase()])
    expect(out).toContain('USDC on base: the name of USDC on other networks: name "USDC" in place of "USD Coin"')
    expect(out).toMatch(/seen in +x402-rs/)
    expect(out).toContain('chainId            8453 (base)')
  })

  it('finds with hints what it did not find without', async () => {
    const contract = '0x1234567890123456789012345678901234567890'
    const separator = separatorOf({ name: 'GLUE Token', version: '1', chainId: 1300, verifyingContract: contract })
    const alone = await run(['identify', separator])
    expect(alone.code).toBe(1)
    expect(alone.out).toMatch(/^✗ NOT FOUND {4}None of \d+ domains gives this separator\.$/m)
    expect(alone.out).toContain('--hint name="GLUE Token"')
    const hints = ['--hint', 'name=GLUE Token', '--hint', 'version=1', '--hint', 'chainId=1300', '--hint', `contract=${contract}`]
    const { code, out } = await run(['identify', separator, ...hints])
    expect(code).toBe(0)
    expect(out).toContain('✓ FOUND        Found, but its contract is not one that is known')
    expect(out).toContain('name               "GLUE Token"')
  })

  it('prints JSON', async () => {
    const { code, out } = await run(['identify', usdcE, '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toEqual({
      schema: 'eip3009/identify@1',
      separator: usdcE,
      tried: 49,
      found: {
        domain: {
          name: 'USD Coin (PoS)',
          version: '1',
          verifyingContract: '0x2791Bca1f2de4661ED88A30C99A7a9449Aa84174',
          salt: `0x${'89'.padStart(64, '0')}`,
        },
        fields: ['name', 'version', 'verifyingContract', 'salt'],
        layout: 'salt',
        origins: [{ standing: 'token', of: 'USDC.e on polygon (lookalike)', why: 'its own domain' }],
      },
    })
    const missing = await run(['identify', `0x${'11'.repeat(32)}`, '--json'])
    expect(missing.code).toBe(1)
    expect(JSON.parse(missing.out)).toMatchObject({ found: null })
  })

  it.each([
    [['0x12'], 'A domain separator is 0x and 64 hex digits, as DOMAIN_SEPARATOR() returns it; got 2 hex digits.'],
    [['base'], 'A domain separator is 0x and 64 hex digits, as DOMAIN_SEPARATOR() returns it; got "base".'],
    // As it stands in a public table.
    [
      ['0x09d038a3e46040fc37eb01174dbbcdb7981fbd8eafd9e1a857b1c67805dfb29'],
      'That is the separator of USDC on optimism-sepolia with a digit missing; in full it is 0x09d038a3e46040fc37eb01174dbbcdb7981fbd8eafd9e1a857b1c67805dfb29e.',
    ],
    [[usdcE, '--hint', 'GLUE'], '--hint "GLUE" is not understood; give name=…, version=…, chainId=…, network=…, contract=0x… or salt=0x….'],
    [[usdcE, '--hint', 'chainId=base'], '--hint chainId takes a number such as 8453; got "base".'],
    [[usdcE, '--hint', 'network=solana'], '--hint network=solana does not help: there is no EIP-712 domain on it.'],
    [[usdcE, '--hint', 'contract=0x12'], '--hint contract takes 0x and 40 hex digits; got "0x12".'],
  ])('refuses %j in a sentence', async (args, message) => {
    expect(await run(['identify', ...args])).toEqual({ code: 2, out: '', err: `eip3009: ${message}\n` })
  })
})

describe('networks', () => {
  it('lists all 17, a line each', async () => {
    const { code, out } = await run(['networks'])
    expect(code).toBe(0)
    expect(out.split('\n').filter((line) => / (mainnet|testnet) /.test(line))).toHaveLength(17)
    expect(out).toMatch(/^base +8453 +mainnet +0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913 +"USD Coin" "2" +base$/m)
    expect(JSON.parse((await run(['networks', '--json'])).out).networks).toHaveLength(17)
    expect((await run(['networks', '--format', 'markdown'])).out.split('\n').filter((line) => line.startsWith('| '))).toHaveLength(19)
  })

  it('tells one in full, with what is in doubt and where it comes from', async () => {
    const { code, out } = await run(['networks', '137'])
    expect(code).toBe(0)
    for (const label of ['polygon', 'USDC', 'Lookalikes', 'Wrong values', 'Doubts', 'Sources', 'Checked']) expect(out).toContain(label)
    expect(out).toContain('0x294369e003769a2d4d625e8a9ebebffa09ff70dd7c708497d8b56d2c2d199a19')
    expect(out.split('\n').every((line) => line.length <= 120)).toBe(true)
    expect(JSON.parse((await run(['networks', 'polygon', '--json'])).out)).toMatchObject({
      schema: 'eip3009/network@1',
      network: { id: 'polygon' },
    })
    expect((await run(['networks', 'polygon', '--format', 'markdown'])).out).toMatch(/^# polygon\n\n- \*\*Chain\*\*: 137, eip155:137$/m)
    expect((await run(['networks', 'solana'])).out).toContain('EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v')
  })

  it('says which network was probably meant', async () => {
    expect(await run(['networks', '44787'])).toEqual({
      code: 2,
      out: '',
      err: 'eip3009: "44787" is Celo Alfajores, which is retired; did you mean celo-sepolia (11142220)?\n',
    })
  })
})
