import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { diagnose, readEvmPayment } from '@eip3009/core'
import { expect, it } from 'vitest'

it('the example of a client signer makes a payment that settles', async () => {
  const example = fileURLToPath(new URL('../../examples/signer/pay.mjs', import.meta.url))
  const { stdout, stderr, status } = spawnSync(process.execPath, [example], { encoding: 'utf8' })
  expect([status, stderr]).toEqual([0, expect.stringMatching(/^Not checked without a client: payer holds the value, .+\n$/)])
  const payment = readEvmPayment(stdout)
  expect(payment.network?.id).toBe('base')
  expect(await diagnose(payment, { now: payment.authorization.validBefore - 60n })).toMatchObject({ verdict: 'settles', findings: [] })
})
