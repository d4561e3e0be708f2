import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import RegistryBackup from '../../src/commands/registry/backup.js'
import {blobOpener} from '../../src/operator/open-blobs.js'
import {bucketUrl, parseS3Location} from '../../src/server/blobs/s3/location.js'
import {inHome} from '../support/operator.js'

describe('--blobs', () => {
  it('--blobs: a credential in the argument exits with 2 and is not repeated', async (t) => {
    const {run} = inHome(t)
    const places = [
      's3://KEY:Hunter2@bucket/prefix',
      's3://Hunter2@bucket',
      's3://bucket/prefix?accessKeyId=Hunter2',
      'https://KEY:Hunter2@storage.example.com/bucket',
    ]
    for (const place of places) {
      const {exitCode, stdout, stderr} = await run(RegistryBackup, ['b', '--blobs', place])
      assert.equal(exitCode, 2, place)
      assert.match(stderr, /must not contain a credential/)
      assert.doesNotMatch(stdout + stderr, /Hunter2/)
    }
  })

  it('--blobs: anything but the URL of a bucket exits with 2', async (t) => {
    const {run} = inHome(t)
    for (const place of [
      'bucket',
      's3://',
      's3://a',
      's3://Bucket/x',
      's3://bucket/../x',
      's3://bucket/a b',
      '/var/blobs',
    ]) {
      const {exitCode, stderr} = await run(RegistryBackup, ['b', '--blobs', place])
      assert.equal(exitCode, 2, place)
      assert.match(stderr, /not the URL of a bucket/)
    }
  })

  it('--blobs: requires a region or an endpoint', async () => {
    await assert.rejects(blobOpener('s3://bucket', {env: {}}), /requires a region/)
    for (const endpoint of ['storage', 'ftp://storage', 'https://key:secret@storage']) {
      await assert.rejects(blobOpener('s3://bucket', {env: {AWS_ENDPOINT_URL_S3: endpoint}}), /not a valid endpoint/)
    }
  })

  it('--blobs: the bucket is in the path if an endpoint is given, and otherwise in the host', () => {
    const location = parseS3Location('s3://bucket/a//b/')
    assert.deepEqual(location, {bucket: 'bucket', prefix: 'a/b/'})
    const dotted = {bucket: 'a.b', prefix: ''}
    assert.equal(bucketUrl(location, 'eu-central-1', undefined).href, 'https://bucket.s3.eu-central-1.amazonaws.com/')
    assert.equal(bucketUrl(dotted, 'eu-central-1', undefined).href, 'https://s3.eu-central-1.amazonaws.com/a.b/')
    assert.equal(bucketUrl(location, 'x', 'http://127.0.0.1:9000/').href, 'http://127.0.0.1:9000/bucket/')
  })
})
