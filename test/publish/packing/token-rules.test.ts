import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {findSecrets} from '../../../src/publish/packing/find-secrets.js'

/** Letters and digits without a pattern. Put together here, so that no scanner takes the tokens below for real ones. */
const noise = 'q7Zp2KxV9mB4tR8cW1yH6nD3sG5jL0fTaE'
const digits = '739152846027'
const of = (length: number) => noise.repeat(4).slice(0, length)
const hex = (length: number) => '9f3a71c0e5b8d24607'.repeat(6).slice(0, length)

const tokens: Record<string, string> = {
  'GitHub Token': `ghp_${of(36)}`,
  'npm access token': `npm_${of(36)}`,
  'slack token': `xoxb-${digits}-${digits}-${of(24)}`,
  'Stripe Live Secret Key': `sk_live_${of(24)}`,
  'GitLab Personal Access Token': `glpat-${of(20)}`,
  'Hugging Face User Access Token': `hf_${noise.replaceAll(/\d/g, 'k').slice(0, 34)}`,
  'Anthropic Claude API key': `sk-ant-api03-${of(93)}AA`,
  'Docker Personal Access Token': `dckr_pat_${of(27)}`,
  'Shopify api key': `shpat_${hex(32)}`,
  'Google API key': `AIza${of(35)}`,
  'PyPI API token': `pypi-AgEIcHlwaS5vcmc${of(60)}`,
  'age secret key': `AGE-SECRET-KEY-1${'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L'.repeat(2).slice(0, 58)}`,
  'Perplexity API key': `pplx-${of(48)}`,
}

const kindsIn = async (text: string | Buffer) =>
  (await findSecrets('SKILL.md', text)).map(({line, kind}) => `${line} ${kind}`)

describe('tokens of other services', () => {
  for (const [kind, token] of Object.entries(tokens)) {
    it(`secrets: finds a ${kind}, in text, in UTF-16 and among binary data`, async () => {
      assert.deepEqual(await kindsIn(`# Use\n\n    TOKEN="${token}"\n`), [`3 ${kind}`])
      assert.deepEqual(await kindsIn(Buffer.from(`x\n ${token} `, 'utf16le')), [`2 ${kind}`])
      assert.deepEqual(await kindsIn(Buffer.concat([Buffer.from([1, 255, 10]), Buffer.from(` ${token}\n`)])), [
        `2 ${kind}`,
      ])
    })
  }

  it('secrets: ignores placeholders, and passwords in examples of URLs', async () => {
    const examples = [
      ...[`ghp_${'x'.repeat(36)}`, 'ghp_1234567890abcdefghijklmnopqrstuvwxyz', `sk_live_${'0'.repeat(24)}`],
      ...['AKIAIOSFODNN7EXAMPLE', 'postgres://user:password@localhost:5432/app', 'https://user:pass@example.com/'],
      ...[`AIza${'X'.repeat(35)}`, 'aws account id: 123456789012'],
    ]
    assert.deepEqual(await kindsIn(examples.join('\n')), [])
  })

  it('secrets: a comment of secretlint or gitleaks exempts a line', async () => {
    const token = tokens['GitHub Token'] ?? ''
    const text = `a ${token} <!-- secretlint-disable-line -->\n${token}\n${token} # gitleaks:allow\n`
    assert.deepEqual(await kindsIn(text), ['2 GitHub Token'])
  })

  it('secrets: never reports the token itself', async () => {
    const found = await findSecrets('a', Object.values(tokens).join('\n'))
    assert.equal(found.length, Object.keys(tokens).length)
    for (const token of Object.values(tokens)) assert.ok(!JSON.stringify(found).includes(token))
  })

  it('secrets: concurrent scans report their own findings', async () => {
    const texts = Object.entries(tokens)
    const found = await Promise.all(texts.map(([, token]) => kindsIn(`x\n${token}`)))
    assert.deepEqual(
      found,
      texts.map(([kind]) => [`2 ${kind}`]),
    )
  })
})
