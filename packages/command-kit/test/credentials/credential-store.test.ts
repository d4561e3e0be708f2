import assert from 'node:assert/strict'
import {chmod, mkdir, readFile, rmdir, stat, writeFile} from 'node:fs/promises'
import {describe, it} from 'node:test'
import {setTimeout as sleep} from 'node:timers/promises'

import {CredentialStore} from '../../src/credentials/credential-store.js'
import {Secret} from '../../src/credentials/secret.js'
import {failure} from '../../src/errors/define-failures.js'
import {opened, registryA, registryB, setOf, written, writtenSessions} from '../support/stored-sets.js'
import {tempHome} from '../support/temp-home.js'

describe('credentials.json', () => {
  it('is byte for byte what the original client writes: four keys in its order, two spaces, no last line break', async (t) => {
    const home = await tempHome(t)
    await new CredentialStore(home.path).save(setOf(registryA, 'ada'))
    assert.equal(await home.read('credentials.json'), written(registryA, 'ada'))
    assert.deepEqual(await home.names(), ['credentials.json'])
  })

  it('keeps characters beyond ASCII as they are, as the original client does', async (t) => {
    const home = await tempHome(t)
    await new CredentialStore(home.path).save(setOf(registryA, 'adä🚀'))
    assert.equal(await home.read('credentials.json'), written(registryA, 'adä🚀'))
  })

  it('is read as the original client wrote it: open to all, a slash after the registry, keys beyond the four', async (t) => {
    const home = await tempHome(t)
    const content = written(`${registryA.toUpperCase().replace('APKG', 'apkg')}//`, 'ada').replace(
      '"username"',
      '"savedBy": "0.9.1",\n  "username"',
    )
    await home.write('credentials.json', content, 0o644)
    const store = new CredentialStore(home.path)
    assert.deepEqual(opened(await store.find(registryA)), {
      registry: registryA,
      accessToken: 'access-ada',
      refreshToken: 'refresh-ada',
      username: 'ada',
    })
    assert.equal(await store.whereIs(registryA), '~/.apkg/credentials.json')
    assert.equal(await home.read('credentials.json'), content, 'reading changes nothing')
  })

  it('holds an empty refresh token for a token that was adopted', async (t) => {
    const home = await tempHome(t)
    const store = new CredentialStore(home.path)
    await store.save({...setOf(registryA, 'ada'), refreshToken: new Secret('')})
    assert.equal(await home.read('credentials.json'), written(registryA, 'ada').replace('refresh-ada', ''))
    assert.equal((await store.find(registryA))?.refreshToken.isEmpty, true)
  })

  it('is for the owner alone even where the umask hides nothing and the folder stood open', async (t) => {
    const home = await tempHome(t)
    const umask = process.umask(0)
    t.after(() => process.umask(umask))
    await mkdir(home.file(''), {mode: 0o755})
    await chmod(home.file(''), 0o755)
    await writeFile(home.file('credentials.json'), written(registryB, 'bea'), {mode: 0o666})
    await new CredentialStore(home.path).save(setOf(registryA, 'ada'))
    assert.equal(await home.mode(), '0700')
    assert.equal(await home.mode('credentials.json'), '0600')
    assert.equal(await home.mode('sessions.json'), '0600')
  })

  it('gets a folder of its own, for the owner alone, where there is none', async (t) => {
    const home = await tempHome(t)
    const umask = process.umask(0)
    t.after(() => process.umask(umask))
    await new CredentialStore(home.path).save(setOf(registryA, 'ada'))
    assert.equal(await home.mode(), '0700')
    assert.equal(await home.mode('credentials.json'), '0600')
  })
})

describe('several registries', () => {
  it('have a set each: the last login in credentials.json, the others in sessions.json', async (t) => {
    const home = await tempHome(t)
    const store = new CredentialStore(home.path)
    await store.save(setOf(registryA, 'ada'))
    await store.save(setOf(registryB, 'bea'))
    assert.equal(await home.read('credentials.json'), written(registryB, 'bea'))
    assert.equal(await home.read('sessions.json'), writtenSessions([registryA, 'ada']))
    assert.equal((await store.find(registryA))?.username, 'ada')
    assert.equal((await store.find(registryB))?.username, 'bea')
    assert.equal(await store.whereIs(registryA), '~/.apkg/sessions.json')
    assert.equal(await store.whereIs(registryB), '~/.apkg/credentials.json')
  })

  it('change places when the older one is logged in to again', async (t) => {
    const home = await tempHome(t)
    const store = new CredentialStore(home.path)
    await store.save(setOf(registryA, 'ada'))
    await store.save(setOf(registryB, 'bea'))
    await store.save(setOf(registryA, 'ann'))
    assert.equal(await home.read('credentials.json'), written(registryA, 'ann'))
    assert.equal(await home.read('sessions.json'), writtenSessions([registryB, 'bea']))
  })

  it('lose only the set that is removed', async (t) => {
    const home = await tempHome(t)
    const store = new CredentialStore(home.path)
    await store.save(setOf(registryA, 'ada'))
    await store.save(setOf(registryB, 'bea'))
    assert.equal((await store.remove(registryB))?.username, 'bea')
    assert.deepEqual(await home.names(), ['sessions.json'])
    assert.equal(await home.read('sessions.json'), writtenSessions([registryA, 'ada']))
    assert.equal(await store.find(registryB), undefined)
    assert.equal((await store.remove(registryA))?.username, 'ada')
    assert.deepEqual(await home.names(), [], 'a file holds sets or does not exist')
  })

  it('are told apart by their whole URL: no set answers for a path below or beside its own', async (t) => {
    const home = await tempHome(t)
    const store = new CredentialStore(home.path)
    await store.save(setOf(registryA, 'ada'))
    assert.equal((await store.find(registryA))?.username, 'ada')
    for (const other of [`${registryA}/deep`, `${registryA}2`, 'https://a.example.com', `${registryA}?x=1`]) {
      assert.equal(await store.find(other), undefined, other)
    }
  })

  it('may be spelled with dots, percent signs and names of prototypes', async (t) => {
    const home = await tempHome(t)
    const store = new CredentialStore(home.path)
    const registries = [
      'https://a.b.c.example/v1.2/x.y',
      'https://h.example/__proto__',
      'https://h.example/a%20b/%F0%9F',
    ]
    for (const [index, registry] of registries.entries()) await store.save(setOf(registry, `user-${index}`))
    for (const [index, registry] of registries.entries()) {
      assert.equal((await store.find(registry))?.username, `user-${index}`, registry)
    }
    assert.equal(await home.read('credentials.json'), written(registries[2]!, 'user-2'))
    assert.equal(
      await home.read('sessions.json'),
      writtenSessions([registries[0]!, 'user-0'], [registries[1]!, 'user-1']),
    )
  })

  it('are served from credentials.json where a killed process left a set in both files', async (t) => {
    const home = await tempHome(t)
    const store = new CredentialStore(home.path)
    await home.write('credentials.json', written(registryA, 'new'))
    await home.write('sessions.json', writtenSessions([registryA, 'old'], [registryB, 'bea']))
    assert.equal((await store.find(registryA))?.username, 'new')
    assert.equal(await store.whereIs(registryA), '~/.apkg/credentials.json')
    assert.equal((await store.remove(registryA))?.username, 'new')
    assert.equal(await store.find(registryA), undefined, 'the older set does not come back')
    assert.equal(await home.read('sessions.json'), writtenSessions([registryB, 'bea']))
  })
})

describe('removing', () => {
  it('makes nothing where nothing is stored', async (t) => {
    const home = await tempHome(t)
    assert.equal(await new CredentialStore(home.path).remove(registryA), undefined)
    await assert.rejects(stat(home.file('')), {code: 'ENOENT'})
  })

  it('leaves the sets of others byte for byte where none is stored for the registry', async (t) => {
    const home = await tempHome(t)
    await home.write('credentials.json', `${written(registryB, 'bea')}\n`)
    assert.equal(await new CredentialStore(home.path).remove(registryA), undefined)
    assert.equal(await home.read('credentials.json'), `${written(registryB, 'bea')}\n`)
  })
})

describe('a set of a registry whose URL is not usable', () => {
  it('is kept and found by nobody', async (t) => {
    const home = await tempHome(t)
    const store = new CredentialStore(home.path)
    await home.write('credentials.json', written('http://plain.example.com', 'eve'))
    assert.equal(await store.find('https://plain.example.com'), undefined)
    await store.save(setOf(registryA, 'ada'))
    assert.equal(await home.read('sessions.json'), writtenSessions(['http://plain.example.com', 'eve']))
  })
})

const notJson = 'it is not JSON'
const wrong = 'it does not hold what it should'

describe('a damaged file', () => {
  const whole = written(registryA, 'ada')
  for (const [what, content, reason] of [
    ['truncated', whole.slice(0, -10), notJson],
    ['empty', '', 'it is empty'],
    ['blank', ' \n', 'it is empty'],
    ['binary', Buffer.from([0, 255, 254, 123, 1, 128]), notJson],
    ['null', 'null', wrong],
    ['a list', `[${whole}]`, wrong],
    ['a string', '"access-ada"', wrong],
    ['without a key', whole.replace('"username"', '"user"'), wrong],
    ['with a number for a string', whole.replace('"ada"', '7'), wrong],
    ['with null for a string', whole.replace('"refresh-ada"', 'null'), wrong],
    ['with an empty access token', whole.replace('"access-ada"', '""'), wrong],
    ['whole with more after it', `${whole}\n{}`, notJson],
  ] as const) {
    it(`of credentials that is ${what} is named, said nothing of, and left as it is`, async (t) => {
      const home = await tempHome(t)
      await home.write('credentials.json', content)
      const before = await readFile(home.file('credentials.json'))
      const store = new CredentialStore(home.path)
      const expected = {
        code: 'FILE_DAMAGED',
        exitCode: 1,
        message: `${home.file('credentials.json')} is damaged: ${reason}. It was left unchanged`,
        suggestions: [
          `fix it, or move it away: \`mv ${home.file('credentials.json')} ${home.file('credentials.json')}.damaged\``,
        ],
      }
      await assert.rejects(store.find(registryA), expected)
      await assert.rejects(store.assertWritable(), expected)
      await assert.rejects(store.save(setOf(registryB, 'bea')), expected)
      await assert.rejects(store.remove(registryA), expected)
      await assert.rejects(
        store.renew(registryA, new Secret('access-ada'), () => Promise.reject(new Error('asked'))),
        expected,
      )
      assert.deepEqual(await readFile(home.file('credentials.json')), before)
      assert.deepEqual(await home.names(), ['credentials.json'])
    })
  }

  for (const [what, content, reason] of [
    ['truncated', writtenSessions([registryA, 'ada']).slice(0, -3), notJson],
    ['null', 'null', wrong],
    ['a list', '[]', wrong],
    ['without sessions', '{}', wrong],
    ['a list of sessions', `{"sessions": [${whole}]}`, wrong],
    ['a set under the name of another registry', `{"sessions": {"${registryB}": ${whole}}}`, wrong],
    ['a set that lacks a key', `{"sessions": {"${registryA}": {"registry": "${registryA}"}}}`, wrong],
  ] as const) {
    it(`of sessions that is ${what} is named and left as it is, beside a whole credentials.json`, async (t) => {
      const home = await tempHome(t)
      await home.write('sessions.json', content)
      await home.write('credentials.json', whole)
      const store = new CredentialStore(home.path)
      const expected = {
        code: 'FILE_DAMAGED',
        message: `${home.file('sessions.json')} is damaged: ${reason}. It was left unchanged`,
      }
      await assert.rejects(store.find(registryB), expected)
      await assert.rejects(store.save(setOf(registryB, 'bea')), expected)
      await assert.rejects(store.remove(registryA), expected)
      assert.equal(await home.read('sessions.json'), content)
      assert.equal(await home.read('credentials.json'), whole)
    })
  }
})

describe('an unreadable file', () => {
  for (const name of ['credentials.json', 'sessions.json']) {
    it(`in the place of ${name} is named, and is no empty file`, async (t) => {
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
      await assert.rejects(store.save(setOf(registryA, 'ada')), expected)
      await assert.rejects(store.remove(registryA), expected)
      assert.equal(await home.read(`${name}/kept`), 'kept')
    })
  }

  it('in the place of the folder holds nothing, and is named where something is to be written', async (t) => {
    const home = await tempHome(t)
    await writeFile(home.file(''), 'a file')
    const store = new CredentialStore(home.path)
    assert.equal(await store.find(registryA), undefined)
    await assert.rejects(store.save(setOf(registryA, 'ada')), {
      code: 'FILE_UNWRITABLE',
      exitCode: 1,
      message: `Cannot write ${home.file('.lock').replace('/.lock', '')}: part of the path is not a directory`,
    })
    assert.equal(await readFile(home.file(''), 'utf8'), 'a file')
  })
})

describe('renewing', () => {
  const renewed = {accessToken: new Secret('access-2'), refreshToken: new Secret('refresh-2')}
  const never = () => Promise.reject(new Error('the registry was asked'))

  it('replaces the tokens where the set is, and makes no last login of it', async (t) => {
    const home = await tempHome(t)
    const store = new CredentialStore(home.path)
    await store.save(setOf(registryA, 'ada'))
    await store.save(setOf(registryB, 'bea'))
    const spent: string[] = []
    const set = await store.renew(registryA, new Secret('access-ada'), (token) => {
      spent.push(token.expose())
      return Promise.resolve(renewed)
    })
    assert.deepEqual(spent, ['refresh-ada'])
    const expected = {registry: registryA, accessToken: 'access-2', refreshToken: 'refresh-2', username: 'ada'}
    assert.deepEqual(opened(set), expected)
    assert.deepEqual(opened(await store.find(registryA)), expected)
    assert.equal(await home.read('credentials.json'), written(registryB, 'bea'))
    assert.deepEqual(JSON.parse(await home.read('sessions.json')), {sessions: {[registryA]: expected}})
  })

  it('takes a newer set that another process stored, and asks nobody', async (t) => {
    const home = await tempHome(t)
    const store = new CredentialStore(home.path)
    await store.save(setOf(registryA, 'newer'))
    const set = await store.renew(registryA, new Secret('access-older'), never)
    assert.equal(set?.accessToken.expose(), 'access-newer')
  })

  it('has nothing for a registry without a set, and for a token that cannot be refreshed', async (t) => {
    const home = await tempHome(t)
    const store = new CredentialStore(home.path)
    assert.equal(await store.renew(registryA, new Secret('access-ada'), never), undefined)
    await store.save({...setOf(registryA, 'ada'), refreshToken: new Secret('')})
    assert.equal(await store.renew(registryA, new Secret('access-ada'), never), undefined)
    assert.equal((await store.find(registryA))?.username, 'ada')
  })

  it('keeps the set where the registry offers no refresh', async (t) => {
    const home = await tempHome(t)
    const store = new CredentialStore(home.path)
    await store.save(setOf(registryA, 'ada'))
    const asked: string[] = []
    const set = await store.renew(registryA, new Secret('access-ada'), (token) => {
      asked.push(token.expose())
      return Promise.resolve('not-offered')
    })
    assert.equal(set, undefined)
    assert.deepEqual(asked, ['refresh-ada'])
    assert.equal(await home.read('credentials.json'), written(registryA, 'ada'))
  })

  it('keeps the set when the network fails', async (t) => {
    const home = await tempHome(t)
    const store = new CredentialStore(home.path)
    await store.save(setOf(registryA, 'ada'))
    const unreachable = failure('UNREACHABLE', {purpose: 'refresh the session', registry: registryA, reason: 'down'})
    await assert.rejects(
      store.renew(registryA, new Secret('access-ada'), () => Promise.reject(unreachable)),
      (error) => error === unreachable,
    )
    assert.equal(await home.read('credentials.json'), written(registryA, 'ada'))
  })

  for (const place of ['credentials.json', 'sessions.json']) {
    it(`forgets a set of ${place} whose session the registry has ended, and no other`, async (t) => {
      const home = await tempHome(t)
      const store = new CredentialStore(home.path)
      const [first, last] = place === 'sessions.json' ? [registryA, registryB] : [registryB, registryA]
      await store.save(setOf(first, 'user'))
      await store.save(setOf(last, 'user'))
      const ended = failure('SESSION_ENDED', {registry: registryA, reason: 'it was revoked'})
      await assert.rejects(
        store.renew(registryA, new Secret('access-user'), () => Promise.reject(ended)),
        (error) => error === ended,
      )
      assert.equal(await store.find(registryA), undefined)
      assert.equal((await store.find(registryB))?.username, 'user')
    })
  }

  it('forgets nothing once it has lost the lock: the set may be that of a newer login', async (t) => {
    const home = await tempHome(t)
    const store = new CredentialStore(home.path)
    await store.save(setOf(registryA, 'ada'))
    const renewing = store.renew(registryA, new Secret('access-ada'), async () => {
      await rmdir(home.file('.lock'))
      // The loss is noticed when the lock is to be kept fresh, which is every second.
      await sleep(1500)
      await new CredentialStore(home.path).save(setOf(registryA, 'newer'))
      throw failure('SESSION_ENDED', {registry: registryA, reason: 'it was revoked'})
    })
    await assert.rejects(renewing, {code: 'STORE_LOCKED'})
    assert.equal(await home.read('credentials.json'), written(registryA, 'newer'))
  })

  it('writes the file before it spends the refresh token, which works once', async (t) => {
    const home = await tempHome(t)
    const store = new CredentialStore(home.path)
    await store.save(setOf(registryA, 'ada'))
    const before = (await stat(home.file('credentials.json'))).ino
    let duringRefresh = before
    await store.renew(registryA, new Secret('access-ada'), async () => {
      duringRefresh = (await stat(home.file('credentials.json'))).ino
      return 'not-offered'
    })
    assert.notEqual(duringRefresh, before, 'it was replaced by itself')
    assert.equal(await home.read('credentials.json'), written(registryA, 'ada'))
  })
})
