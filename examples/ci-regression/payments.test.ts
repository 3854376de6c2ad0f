import { createChainTest, testSigner } from '@eip3009/core/vitest'
import { describe } from 'vitest'
import { account, pay } from './client.ts'
import incident from './payments/incident.json' with { type: 'json' }
import wrongName from './payments/wrong-name.json' with { type: 'json' }

// Every test has a chain of its own, with Circle's contract at Base's address. `forkUrl` and `block` make it a fork of the real one.
const test = createChainTest({ network: 'base' })
const shop = '0x209693Bc6afc0C5328bA36FaF03C514EF312287C'

test('what our client signs settles', async ({ chain, expect }) => {
  const payment = await pay(chain.usdc, 'base', shop, 10_000n)
  await expect(payment).toSettle()
  await expect(payment).toRecoverTo(account.address)
})

test('a payment under another name is refused, and we know why', async ({ chain, expect }) => {
  await expect(await pay({ ...chain.usdc, name: 'USDC' }, 'base', shop, 10_000n)).toFailWith('domain-name-mismatch')
})

test('the payments of past incidents come to what they came to', async ({ expect }) => {
  await expect(incident).toSettle()
  await expect(wrongName).toFailWith('domain-name-mismatch')
})

// A test for each network: however it is asked, the signer signs what that network's contract takes.
describe('our signer', () => testSigner(account))
