"""Runs commands of a program written in Python, each in a fork of this process, which has imported it once.

Argument: the program's file. Each line of the input is {"args": [...], "env": {...}}, and is answered with a line
{"code": ..., "stdout": ..., "stderr": ...}; a code below zero is that of a signal.
"""

import gc
import json
import os
import runpy
import signal
import sys
import tempfile

# Many times what a command needs on a machine that is not busy.
LIMIT_SECONDS = 120

program = sys.argv[1]
main = runpy.run_path(program, run_name='imported')['main']
# Imported again for each command: its functions may have read the arguments as their defaults.
del sys.modules[main.__module__]
# The collector of a fork would copy the memory of this process.
gc.freeze()


def run(args, env, stdout, stderr):
    signal.alarm(LIMIT_SECONDS)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(stdout.fileno(), 1)
    os.dup2(stderr.fileno(), 2)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = [program, *args]
    code = 0
    try:
        runpy.run_path(program, run_name='__main__')
    except SystemExit as end:
        code = end.code
    if code is not None and not isinstance(code, int):
        print(code, file=sys.stderr)
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    # Python's own end would touch, and so copy, the memory of the first process.
    os._exit(code or 0)


def text(file):
    file.seek(0)
    return file.read().decode()


for line in sys.stdin:
    request = json.loads(line)
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        child = os.fork()
        if child == 0:
            run(request['args'], request['env'], stdout, stderr)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(json.dumps({'code': code, 'stdout': text(stdout), 'stderr': text(stderr)}), flush=True)
