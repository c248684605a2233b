// What each serial did to the rows, in the SQL that SQLite and PostgreSQL share: the history holds what a serial replaced, and what it put there is what
// the next one to touch the object replaced, or stands there today.

/** `history` and `today` are tables with `object` and `body`; `wanted` takes the serials, all from one on. Gives serial, added, changed, removed. */
export function makeChangesSql(history: string, today: string, wanted: string): string {
  return `
WITH touched AS (
  SELECT serial, object, body AS was,
    lead(serial) OVER later AS following, lead(body) OVER later AS replaced
  FROM ${history} WHERE ${wanted} WINDOW later AS (PARTITION BY object ORDER BY serial)
), done AS (
  SELECT touched.serial, touched.was, CASE WHEN touched.following IS NULL THEN now.body ELSE touched.replaced END AS became
  FROM touched LEFT JOIN ${today} AS now ON now.object = touched.object
)
SELECT serial,
  count(CASE WHEN was IS NULL AND became IS NOT NULL THEN 1 END) AS added,
  count(CASE WHEN was <> became THEN 1 END) AS changed,
  count(CASE WHEN was IS NOT NULL AND became IS NULL THEN 1 END) AS removed
FROM done GROUP BY serial`;
}
