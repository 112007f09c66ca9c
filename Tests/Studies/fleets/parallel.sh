#!/bin/bash
# One measurement cut into twenty tasks over the machines of a file of ssh names, one task at a time on each.
# usage: parallel.sh HOSTS MODEL; every host has inferometer and MODEL at the same places
exec parallel --sshloginfile "$1" --jobs 1 --retries 3 --return run/task-{}-of-20 --cleanup \
  inferometer measure -m "$2" --contexts 0,64,128,256,512,1024,2048 --cached 256,1024 --task {}/20 --results run ::: {1..20}
