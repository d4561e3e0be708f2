import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {signedHeaders} from '../../../src/server/webhooks/signature.js'

/** The example of the specification's own libraries. */
const message = {id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', body: '{"test": 2432232314}'}
const secret = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64')
const signature = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='

describe('signing webhooks', () => {
  it('signature: the example of Standard Webhooks has the expected headers', () => {
    assert.deepEqual(signedHeaders(message, 1_614_265_330, [secret]), {
      'webhook-id': message.id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': signature,
    })
  })

  it('signature: every secret signs, and the signatures are separated by spaces', () => {
    const headers = signedHeaders(message, 1_614_265_330, [Buffer.alloc(32, 1), secret])
    const [first, second, ...others] = headers['webhook-signature']?.split(' ') ?? []
    assert.match(first ?? '', /^v1,[A-Za-z0-9+/]{43}=$/)
    assert.deepEqual([second, others], [signature, []])
    assert.notEqual(first, second)
  })
})
