/** SQL: whether the conductor with that id (an SQL expression) has a lease that has not ended. */
export function isAlive(id: string): string {
  return `exists (select from conductors where conductors.id = ${id} and conductors.expires_at > now())`;
}
