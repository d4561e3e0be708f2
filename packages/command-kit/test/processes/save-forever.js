// Saves logins to two registries in turn until it is killed: `save-forever.js <home> <registry> <registry>`. Prints a line
// when it starts. Before that, it saves once to another directory, so that all code is loaded.
import {CredentialStore, Secret} from '@apkg/command-kit'

const [home, ...registries] = process.argv.slice(2)
process.umask(0)

const save = (store, round) =>
  store.save({
    registry: registries[round % registries.length],
    accessToken: new Secret(`access-user-${round}`),
    refreshToken: new Secret(`refresh-user-${round}`),
    username: `user-${round}`,
  })

await save(new CredentialStore(`${home}/elsewhere`), 0)
process.stdout.write('saving\n')
const store = new CredentialStore(home)
for (let round = 0; ; round++) await save(store, round)
