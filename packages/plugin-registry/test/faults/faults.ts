import {setTimeout as sleep} from 'node:timers/promises'

import {nameOf} from '../../src/server/store/postgres/compile.js'
import type {Disturbance, TcpProxy} from '../support/tcp-proxy.js'
import type {Deployment, Replica} from './deployment.js'

type Fault = (deployment: Deployment, random: () => number) => Promise<void>

/** The statement's text is only sent when it is prepared. */
const commitName = Buffer.from(nameOf('COMMIT'))
const isCommit = (bytes: Buffer) => bytes.includes(commitName)
const isUpload = (bytes: Buffer) => bytes.subarray(0, 4).toString() === 'PUT '

function oneOf<Item>(items: readonly Item[], random: () => number): Item {
  return items[Math.floor(random() * items.length)]!
}

/** A time in milliseconds, long enough that requests meet the fault. */
const moment = (random: () => number) => 50 + random() * 250

/** Disturbs one or both registries for a moment. Stalled connections are closed then, or left for the client to give up. */
async function disturb(
  proxies: readonly TcpProxy[],
  disturbance: Disturbance,
  {random, closes}: {random: () => number; closes: boolean},
): Promise<void> {
  const disturbed = random() < 0.5 ? proxies : [oneOf(proxies, random)]
  for (const proxy of disturbed) proxy.disturb(disturbance)
  await sleep(moment(random))
  for (const proxy of disturbed) {
    proxy.disturb({})
    if (closes) proxy.closeStalled()
  }
}

const toDatabase =
  (disturbance: Disturbance): Fault =>
  ({replicas}, random) => {
    const closes = random() < 0.7
    return disturb(
      replicas.map(({database}) => database),
      disturbance,
      {random, closes},
    )
  }

/** Uploads wait a minute for a response, which would be too long for a round. */
const toBucket =
  (disturbance: Disturbance): Fault =>
  ({replicas}, random) =>
    disturb(
      replicas.map(({bucket}) => bucket),
      disturbance,
      {random, closes: true},
    )

async function restart(replica: Replica): Promise<void> {
  await replica.kill()
  await replica.start()
}

const killOne: Fault = ({replicas}, random) => restart(oneOf(replicas, random))

const killBoth: Fault = async ({replicas}) => {
  await Promise.all(replicas.map(restart))
}

const crashDatabase: Fault = async ({server}) => {
  server.stop()
  await server.run()
}

const crashStore: Fault = async ({s3}, random) => {
  await s3.stop()
  await sleep(moment(random))
  await s3.start()
}

export const faults: Record<string, Fault> = {
  'kill -9 of a registry': killOne,
  'kill -9 of both registries': killBoth,
  'PostgreSQL stops at once': crashDatabase,
  'the S3 store stops': crashStore,
  'the database is slow': toDatabase({delay: 100}),
  'connections to the database are cut': toDatabase({break: 'cut'}),
  'the database accepts and never answers': toDatabase({break: 'stall'}),
  'connections are cut before COMMIT': toDatabase({break: 'cut', matches: isCommit}),
  'connections are cut between COMMIT and its answer': toDatabase({break: 'cut-after-answer', matches: isCommit}),
  'COMMIT is never answered': toDatabase({break: 'stall', matches: isCommit}),
  'the S3 store is slow': toBucket({delay: 100}),
  'connections to the S3 store are cut': toBucket({break: 'cut'}),
  'the S3 store accepts and never answers': toBucket({break: 'stall'}),
  'responses to uploads are lost': toBucket({break: 'cut-after-answer', matches: isUpload}),
}

/** Runs a random fault. @returns its name */
export async function injectFault(deployment: Deployment, random: () => number): Promise<string> {
  const name = oneOf(Object.keys(faults), random)
  await faults[name]!(deployment, random)
  return name
}
