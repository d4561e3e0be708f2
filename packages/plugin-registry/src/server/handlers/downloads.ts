import type {DayDownloads} from '../store/store.js'
import {dayLength, startOfDay} from '../store/days.js'
import type {Handler} from './handler.js'

const weeks = 12
const daysInWeek = 7

export const getDownloads: Handler<'getDownloads'> = async ({params: {name}, now}, {store}) => {
  const first = startOfDay(now.getTime()) - (weeks * daysInWeek - 1) * dayLength
  const days = await store.downloads.of(name, first)
  return {name, weeks: Array.from({length: weeks}, (_, week) => weekFrom(first + week * daysInWeek * dayLength, days))}
}

function weekFrom(start: number, days: readonly DayDownloads[]) {
  const end = start + (daysInWeek - 1) * dayLength
  const counts = days.filter(({day}) => day >= start && day <= end).map(({count}) => count)
  return {from: dateOf(start), to: dateOf(end), downloads: counts.reduce((sum, count) => sum + count, 0)}
}

function dateOf(day: number): string {
  return new Date(day).toISOString().slice(0, 10)
}
