export function isAlive(id: string): string {
  return `exists (select from conductors where conductors.id = ${id} and conductors.expires_at > now())`;
}
