import { causeIds } from '@eip3009/core'
import { describe, expect, it } from 'vitest'
import { runCli } from './run-here.ts'

describe('eip3009 explain', () => {
  it('lists every cause', async () => {
    const { code, stdout } = await runCli(['explain'])
    expect(code).toBe(0)
    expect(causeIds.length).toBeGreaterThan(60)
    const listed = stdout.split('\n').flatMap((line) => /^ {2}([a-z0-9-]+) {2,}\S/.exec(line)?.[1] ?? [])
    expect(listed).toEqual(causeIds)
  })

  it('tells one in full, as text, Markdown and JSON', async () => {
    const text = await runCli(['explain', 'eip7702-payer'])
    expect(text.stdout).toMatch(/^eip7702-payer {2}\S/)
    for (const label of ['What happened', 'Fault', 'Proof', 'Fix', 'Retry', 'References']) expect(text.stdout).toContain(`\n  ${label}`)
    expect((await runCli(['explain', 'eip7702-payer', '--format', 'markdown'])).stdout).toMatch(/^# eip7702-payer\n/)
    expect(JSON.parse((await runCli(['explain', 'eip7702-payer', '--json'])).stdout)).toMatchObject({
      schema: 'eip3009/cause@1',
      id: 'eip7702-payer',
    })
  })

  it('suggests the cause that was meant', async () => {
    const { code, stderr } = await runCli(['explain', 'domain-name-mismach'])
    expect(code).toBe(2)
    expect(stderr).toContain('did you mean domain-name-mismatch?')
    expect((await runCli(['explain', '__proto__'])).code).toBe(2)
  })
})
