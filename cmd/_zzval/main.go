package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"time"

	"runner/runner"
	"runner/spec"
)

func main() {
	once := func() (time.Duration, time.Duration) {
		t := time.Now()
		plan, problems := spec.Load(os.Args[1], spec.Options{})
		l := time.Since(t)
		t = time.Now()
		runner.Compile(plan, problems, runner.Options{Env: os.LookupEnv})
		return l, time.Since(t)
	}
	fmt.Println(once())
	var m, m2 runtime.MemStats
	runtime.ReadMemStats(&m)
	f, _ := os.Create("/tmp/engine/val.prof")
	pprof.StartCPUProfile(f)
	for range 30 {
		once()
	}
	pprof.StopCPUProfile()
	runtime.ReadMemStats(&m2)
	fmt.Println(once())
	fmt.Println((m2.TotalAlloc-m.TotalAlloc)/30>>20, "MiB each", (m2.Mallocs-m.Mallocs)/30, "allocs")
}
