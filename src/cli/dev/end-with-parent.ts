// Imported into a child process before its program: the child ends when its parent does, also when that is killed.
process.once('disconnect', () => process.exit());
process.channel?.unref();
