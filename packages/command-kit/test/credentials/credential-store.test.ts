import assert from 'node:assert/strict'
import {chmod, mkdir, readFile, rmdir, stat, writeFile} from 'node:fs/promises'
import {describe, it} from 'node:test'
import {setTimeout as sleep} from 'node:timers/promises'

import {CredentialStore} from '../../src/credentials/credential-store.js'
import {Secret} from '../../src/credentials/secret.js'
import {failure} from '../../src/errors/define-failures.js'
import {exposed, registryA, registryB, loginOf, written, writtenSessions} from '../support/stored-logins.js'
import {tempHome} from '../support/temp-home.js'

describe('credentials.json', () => {
  it('credentials.json: is identical to what the original client writes, with four keys, two spaces, no newline at the end', async (t) => {
    const home = await tempHome(t)
    await new CredentialStore(home.path).save(loginOf(registryA, 'ada'))
    assert.equal(await home.read('credentials.json'), written(registryA, 'ada'))
    assert.deepEqual(await home.names(), ['credentials.json'])
  })

  it('credentials.json: does not escape characters beyond ASCII, like the original client', async (t) => {
    const home = await tempHome(t)
    await new CredentialStore(home.path).save(loginOf(registryA, 'adä🚀'))
    assert.equal(await home.read('credentials.json'), written(registryA, 'adä🚀'))
  })

  it('credentials.json: can be world-readable, with a slash after the registry and unknown keys, as the original client writes it', async (t) => {
    const home = await tempHome(t)
    const content = written(`${registryA.toUpperCase().replace('APKG', 'apkg')}//`, 'ada').replace(
      '"username"',
      '"savedBy": "0.9.1",\n  "username"',
    )
    await home.write('credentials.json', content, 0o644)
    const store = new CredentialStore(home.path)
    assert.deepEqual(exposed(await store.find(registryA)), {
      registry: registryA,
      accessToken: 'access-ada',
      refreshToken: 'refresh-ada',
      username: 'ada',
    })
    assert.equal((await store.find(registryA))?.file, '~/.apkg/credentials.json')
    assert.equal(await home.read('credentials.json'), content, 'reading changes nothing')
  })

  it('credentials.json: has an empty refresh token for a token from `login --with-token`', async (t) => {
    const home = await tempHome(t)
    const store = new CredentialStore(home.path)
    await store.save({...loginOf(registryA, 'ada'), refreshToken: new Secret('')})
    assert.equal(await home.read('credentials.json'), written(registryA, 'ada').replace('refresh-ada', ''))
    assert.equal((await store.find(registryA))?.refreshToken.isEmpty, true)
  })

  it('credentials.json: is made private, even if the umask is 0 and the directory was world-readable', async (t) => {
    const home = await tempHome(t)
    const umask = process.umask(0)
    t.after(() => process.umask(umask))
    await mkdir(home.file(''), {mode: 0o755})
    await chmod(home.file(''), 0o755)
    await writeFile(home.file('credentials.json'), written(registryB, 'bea'), {mode: 0o644})
    await new CredentialStore(home.path).save(loginOf(registryA, 'ada'))
    assert.equal(await home.mode(), '0700')
    assert.equal(await home.mode('credentials.json'), '0600')
    assert.equal(await home.mode('sessions.json'), '0600')
  })

  it('credentials.json: is created in a new private directory', async (t) => {
    const home = await tempHome(t)
    const umask = process.umask(0)
    t.after(() => process.umask(umask))
    await new CredentialStore(home.path).save(loginOf(registryA, 'ada'))
    assert.equal(await home.mode(), '0700')
    assert.equal(await home.mode('credentials.json'), '0600')
  })
})

describe('logins to several registries', () => {
  it('several logins: are stored in credentials.json (the last one) and sessions.json (the others)', async (t) => {
    const home = await tempHome(t)
    const store = new CredentialStore(home.path)
    await store.save(loginOf(registryA, 'ada'))
    await store.save(loginOf(registryB, 'bea'))
    assert.equal(await home.read('credentials.json'), written(registryB, 'bea'))
    assert.equal(await home.read('sessions.json'), writtenSessions([registryA, 'ada']))
    assert.equal((await store.find(registryA))?.username, 'ada')
    assert.equal((await store.find(registryB))?.username, 'bea')
    assert.equal((await store.find(registryA))?.file, '~/.apkg/sessions.json')
    assert.equal((await store.find(registryB))?.file, '~/.apkg/credentials.json')
  })

  it('several logins: a renewed one is found in the file that another process moved it to', async (t) => {
    const home = await tempHome(t)
    const store = new CredentialStore(home.path)
    await store.save(loginOf(registryA, 'ada'))
    await store.save(loginOf(registryB, 'bea'))
    const tokens = {accessToken: new Secret('renewed'), refreshToken: new Secret('refresh')}
    const renewed = await store.renew(registryA, new Secret('access-ada'), () => Promise.resolve(tokens))
    assert.equal(renewed?.file, '~/.apkg/sessions.json')
    assert.equal((await store.find(registryA))?.accessToken.expose(), 'renewed')
  })

  it('several logins: move between the files after another login to the older registry', async (t) => {
    const home = await tempHome(t)
    const store = new CredentialStore(home.path)
    await store.save(loginOf(registryA, 'ada'))
    await store.save(loginOf(registryB, 'bea'))
    await store.save(loginOf(registryA, 'ann'))
    assert.equal(await home.read('credentials.json'), written(registryA, 'ann'))
    assert.equal(await home.read('sessions.json'), writtenSessions([registryB, 'bea']))
  })

  it('several logins: can be removed one by one', async (t) => {
    const home = await tempHome(t)
    const store = new CredentialStore(home.path)
    await store.save(loginOf(registryA, 'ada'))
    await store.save(loginOf(registryB, 'bea'))
    assert.equal((await store.remove(registryB))?.username, 'bea')
    assert.deepEqual(await home.names(), ['sessions.json'])
    assert.equal(await home.read('sessions.json'), writtenSessions([registryA, 'ada']))
    assert.equal(await store.find(registryB), undefined)
    assert.equal((await store.remove(registryA))?.username, 'ada')
    assert.deepEqual(await home.names(), [], 'empty files are deleted')
  })

  it('several logins: are found only by their exact URL', async (t) => {
    const home = await tempHome(t)
    const store = new CredentialStore(home.path)
    await store.save(loginOf(registryA, 'ada'))
    assert.equal((await store.find(registryA))?.username, 'ada')
    for (const url of [`${registryA}/deep`, `${registryA}2`, 'https://a.example.com', `${registryA}?x=1`]) {
      assert.equal(await store.find(url), undefined, url)
    }
  })

  it('several logins: can have dots, percent signs and names of prototypes in the URL', async (t) => {
    const home = await tempHome(t)
    const store = new CredentialStore(home.path)
    const registries = [
      'https://a.b.c.example/v1.2/x.y',
      'https://h.example/__proto__',
      'https://h.example/a%20b/%F0%9F',
    ]
    for (const [index, registry] of registries.entries()) await store.save(loginOf(registry, `user-${index}`))
    for (const [index, registry] of registries.entries()) {
      assert.equal((await store.find(registry))?.username, `user-${index}`, registry)
    }
    assert.equal(await home.read('credentials.json'), written(registries[2]!, 'user-2'))
    assert.equal(
      await home.read('sessions.json'),
      writtenSessions([registries[0]!, 'user-0'], [registries[1]!, 'user-1']),
    )
  })

  it('several logins: are read from credentials.json if a killed process left the same registry in both files', async (t) => {
    const home = await tempHome(t)
    const store = new CredentialStore(home.path)
    await home.write('credentials.json', written(registryA, 'new'))
    await home.write('sessions.json', writtenSessions([registryA, 'old'], [registryB, 'bea']))
    assert.equal((await store.find(registryA))?.username, 'new')
    assert.equal((await store.find(registryA))?.file, '~/.apkg/credentials.json')
    assert.equal((await store.remove(registryA))?.username, 'new')
    assert.equal(await store.find(registryA), undefined, 'the older login does not come back')
    assert.equal(await home.read('sessions.json'), writtenSessions([registryB, 'bea']))
  })
})

describe('CredentialStore.remove', () => {
  it('CredentialStore.remove: creates nothing if nothing is stored', async (t) => {
    const home = await tempHome(t)
    assert.equal(await new CredentialStore(home.path).remove(registryA), undefined)
    await assert.rejects(stat(home.file('')), {code: 'ENOENT'})
  })

  it('CredentialStore.remove: does not change the file if no login is stored for the registry', async (t) => {
    const home = await tempHome(t)
    await home.write('credentials.json', `${written(registryB, 'bea')}\n`)
    assert.equal(await new CredentialStore(home.path).remove(registryA), undefined)
    assert.equal(await home.read('credentials.json'), `${written(registryB, 'bea')}\n`)
  })
})

describe('a login with an invalid registry URL', () => {
  it('login with an invalid registry URL: is kept but never found', async (t) => {
    const home = await tempHome(t)
    const store = new CredentialStore(home.path)
    await home.write('credentials.json', written('http://plain.example.com', 'eve'))
    assert.equal(await store.find('https://plain.example.com'), undefined)
    await store.save(loginOf(registryA, 'ada'))
    assert.equal(await home.read('sessions.json'), writtenSessions(['http://plain.example.com', 'eve']))
  })
})

const notJson = 'it is not JSON'
const unexpected = 'it has unexpected content'

describe('CredentialStore', () => {
  const valid = written(registryA, 'ada')
  for (const [what, content, reason] of [
    ['truncated', valid.slice(0, -10), notJson],
    ['empty', '', 'it is empty'],
    ['blank', ' \n', 'it is empty'],
    ['binary', Buffer.from([0, 255, 254, 123, 1, 128]), notJson],
    ['null', 'null', unexpected],
    ['a list', `[${valid}]`, unexpected],
    ['a string', '"access-ada"', unexpected],
    ['without a key', valid.replace('"username"', '"user"'), unexpected],
    ['with a number for a string', valid.replace('"ada"', '7'), unexpected],
    ['with null for a string', valid.replace('"refresh-ada"', 'null'), unexpected],
    ['with an empty access token', valid.replace('"access-ada"', '""'), unexpected],
    ['valid with trailing data', `${valid}\n{}`, notJson],
  ] as const) {
    it(`CredentialStore: reports a damaged credentials.json (${what}) without its content, and leaves it unchanged`, async (t) => {
      const home = await tempHome(t)
      await home.write('credentials.json', content)
      const before = await readFile(home.file('credentials.json'))
      const store = new CredentialStore(home.path)
      const expected = {
        code: 'FILE_DAMAGED',
        exitCode: 1,
        message: `${home.file('credentials.json')} is damaged: ${reason}. It was left unchanged`,
        suggestions: [
          `fix it, or move it out of the way: \`mv ${home.file('credentials.json')} ${home.file('credentials.json')}.damaged\``,
        ],
      }
      await assert.rejects(store.find(registryA), expected)
      await assert.rejects(store.assertWritable(), expected)
      await assert.rejects(store.save(loginOf(registryB, 'bea')), expected)
      await assert.rejects(store.remove(registryA), expected)
      await assert.rejects(
        store.renew(registryA, new Secret('access-ada'), () => Promise.reject(new Error('unexpected request'))),
        expected,
      )
      assert.deepEqual(await readFile(home.file('credentials.json')), before)
      assert.deepEqual(await home.names(), ['credentials.json'])
    })
  }

  for (const [what, content, reason] of [
    ['truncated', writtenSessions([registryA, 'ada']).slice(0, -3), notJson],
    ['null', 'null', unexpected],
    ['a list', '[]', unexpected],
    ['without sessions', '{}', unexpected],
    ['an array of sessions', `{"sessions": [${valid}]}`, unexpected],
    ['a login under another registry', `{"sessions": {"${registryB}": ${valid}}}`, unexpected],
    ['a login without a key', `{"sessions": {"${registryA}": {"registry": "${registryA}"}}}`, unexpected],
  ] as const) {
    it(`CredentialStore: reports a damaged sessions.json (${what}), and leaves it and credentials.json unchanged`, async (t) => {
      const home = await tempHome(t)
      await home.write('sessions.json', content)
      await home.write('credentials.json', valid)
      const store = new CredentialStore(home.path)
      const expected = {
        code: 'FILE_DAMAGED',
        message: `${home.file('sessions.json')} is damaged: ${reason}. It was left unchanged`,
      }
      await assert.rejects(store.find(registryB), expected)
      await assert.rejects(store.save(loginOf(registryB, 'bea')), expected)
      await assert.rejects(store.remove(registryA), expected)
      assert.equal(await home.read('sessions.json'), content)
      assert.equal(await home.read('credentials.json'), valid)
    })
  }
})

describe('CredentialStore', () => {
  for (const name of ['credentials.json', 'sessions.json']) {
    it(`CredentialStore: reports a ${name} that is a directory, and does not treat it as empty`, async (t) => {
      const home = await tempHome(t)
      await home.write(`${name}/kept`, 'kept')
      const store = new CredentialStore(home.path)
      const expected = {
        code: 'FILE_UNREADABLE',
        exitCode: 1,
        message: `Cannot read ${home.file(name)}: it is a directory`,
        suggestions: [`check its owner and permissions: \`ls -ld ${home.file(name)}\``],
      }
      await assert.rejects(store.find(registryA), expected)
      await assert.rejects(store.assertWritable(), expected)
      await assert.rejects(store.save(loginOf(registryA, 'ada')), expected)
      await assert.rejects(store.remove(registryA), expected)
      assert.equal(await home.read(`${name}/kept`), 'kept')
    })
  }

  it('CredentialStore: treats a ~/.apkg that is a file as empty in reads, and reports it in writes', async (t) => {
    const home = await tempHome(t)
    await writeFile(home.file(''), 'a file')
    const store = new CredentialStore(home.path)
    assert.equal(await store.find(registryA), undefined)
    await assert.rejects(store.save(loginOf(registryA, 'ada')), {
      code: 'FILE_UNWRITABLE',
      exitCode: 1,
      message: `Cannot write ${home.file('.lock').replace('/.lock', '')}: part of the path is not a directory`,
    })
    assert.equal(await readFile(home.file(''), 'utf8'), 'a file')
  })
})

describe('CredentialStore.renew', () => {
  const renewed = {accessToken: new Secret('access-2'), refreshToken: new Secret('refresh-2')}
  const never = () => Promise.reject(new Error('unexpected request'))

  it('CredentialStore.renew: replaces the tokens in the same file, without making it the last login', async (t) => {
    const home = await tempHome(t)
    const store = new CredentialStore(home.path)
    await store.save(loginOf(registryA, 'ada'))
    await store.save(loginOf(registryB, 'bea'))
    const sent: string[] = []
    const login = await store.renew(registryA, new Secret('access-ada'), (token) => {
      sent.push(token.expose())
      return Promise.resolve(renewed)
    })
    assert.deepEqual(sent, ['refresh-ada'])
    const expected = {registry: registryA, accessToken: 'access-2', refreshToken: 'refresh-2', username: 'ada'}
    assert.deepEqual(exposed(login), expected)
    assert.deepEqual(exposed(await store.find(registryA)), expected)
    assert.equal(await home.read('credentials.json'), written(registryB, 'bea'))
    assert.deepEqual(JSON.parse(await home.read('sessions.json')), {sessions: {[registryA]: expected}})
  })

  it('CredentialStore.renew: returns a newer login that another process stored, without a request', async (t) => {
    const home = await tempHome(t)
    const store = new CredentialStore(home.path)
    await store.save(loginOf(registryA, 'newer'))
    const login = await store.renew(registryA, new Secret('access-older'), never)
    assert.equal(login?.accessToken.expose(), 'access-newer')
  })

  it('CredentialStore.renew: returns undefined without a login, and for a token that cannot be refreshed', async (t) => {
    const home = await tempHome(t)
    const store = new CredentialStore(home.path)
    assert.equal(await store.renew(registryA, new Secret('access-ada'), never), undefined)
    await store.save({...loginOf(registryA, 'ada'), refreshToken: new Secret('')})
    assert.equal(await store.renew(registryA, new Secret('access-ada'), never), undefined)
    assert.equal((await store.find(registryA))?.username, 'ada')
  })

  it('CredentialStore.renew: keeps the login if the registry does not support refreshing', async (t) => {
    const home = await tempHome(t)
    const store = new CredentialStore(home.path)
    await store.save(loginOf(registryA, 'ada'))
    const sent: string[] = []
    const login = await store.renew(registryA, new Secret('access-ada'), (token) => {
      sent.push(token.expose())
      return Promise.resolve('not-offered')
    })
    assert.equal(login, undefined)
    assert.deepEqual(sent, ['refresh-ada'])
    assert.equal(await home.read('credentials.json'), written(registryA, 'ada'))
  })

  it('CredentialStore.renew: keeps the login if the network fails', async (t) => {
    const home = await tempHome(t)
    const store = new CredentialStore(home.path)
    await store.save(loginOf(registryA, 'ada'))
    const unreachable = failure('UNREACHABLE', {purpose: 'refresh the session', registry: registryA, reason: 'down'})
    await assert.rejects(
      store.renew(registryA, new Secret('access-ada'), () => Promise.reject(unreachable)),
      (error) => error === unreachable,
    )
    assert.equal(await home.read('credentials.json'), written(registryA, 'ada'))
  })

  for (const place of ['credentials.json', 'sessions.json']) {
    it(`CredentialStore.renew: removes only the login in ${place} whose session has ended`, async (t) => {
      const home = await tempHome(t)
      const store = new CredentialStore(home.path)
      const [first, last] = place === 'sessions.json' ? [registryA, registryB] : [registryB, registryA]
      await store.save(loginOf(first, 'user'))
      await store.save(loginOf(last, 'user'))
      const ended = failure('SESSION_ENDED', {registry: registryA, reason: 'it was revoked'})
      await assert.rejects(
        store.renew(registryA, new Secret('access-user'), () => Promise.reject(ended)),
        (error) => error === ended,
      )
      assert.equal(await store.find(registryA), undefined)
      assert.equal((await store.find(registryB))?.username, 'user')
    })
  }

  it('CredentialStore.renew: removes nothing after it has lost the lock, because there could be a newer login', async (t) => {
    const home = await tempHome(t)
    const store = new CredentialStore(home.path)
    await store.save(loginOf(registryA, 'ada'))
    const renewing = store.renew(registryA, new Secret('access-ada'), async () => {
      await rmdir(home.file('.lock'))
      // The lock is refreshed every second, and that is when the loss is noticed.
      await sleep(1500)
      await new CredentialStore(home.path).save(loginOf(registryA, 'newer'))
      throw failure('SESSION_ENDED', {registry: registryA, reason: 'it was revoked'})
    })
    await assert.rejects(renewing, {code: 'STORE_LOCKED'})
    assert.equal(await home.read('credentials.json'), written(registryA, 'newer'))
  })

  it('CredentialStore.renew: writes the file before it uses the refresh token, which works only once', async (t) => {
    const home = await tempHome(t)
    const store = new CredentialStore(home.path)
    await store.save(loginOf(registryA, 'ada'))
    const before = (await stat(home.file('credentials.json'))).ino
    let duringRefresh = before
    await store.renew(registryA, new Secret('access-ada'), async () => {
      duringRefresh = (await stat(home.file('credentials.json'))).ino
      return 'not-offered'
    })
    assert.notEqual(duringRefresh, before, 'the file was replaced')
    assert.equal(await home.read('credentials.json'), written(registryA, 'ada'))
  })
})
