// Loaded into the server: when the command that started it is gone, however it went, the server stops as well.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
