// Command interop drives azsecrets and azidentity against a vault: see ../README.md.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
)

// A scenario fails by a panic. What it returns, if anything, is what was seen instead of a plain success.
type scenario struct {
	feature string
	run     func(ctx context.Context) string
}

func main() {
	code := 0
	for _, scenarios := range [][]scenario{signingIn(), secrets(), lists(), deleting(), load()} {
		for _, scenario := range scenarios {
			outcome := attempt(scenario)
			if strings.HasPrefix(outcome, "failed") {
				code = 1
			}
			line, _ := json.Marshal(map[string]string{
				"feature": scenario.feature, "client": os.Getenv("INTEROP_CLIENT"), "outcome": outcome,
			})
			fmt.Println(string(line))
		}
	}
	os.Exit(code)
}

func attempt(scenario scenario) (outcome string) {
	defer func() {
		if failure := recover(); failure != nil {
			outcome = fmt.Sprintf("failed: %v", failure)
		}
	}()
	if outcome = scenario.run(context.Background()); outcome == "" {
		outcome = "ok"
	}
	return outcome
}

// must gives the answer of a call that has to succeed.
func must[T any](answer T, err error) T {
	if err != nil {
		panic(err)
	}
	return answer
}

func check(holds bool, seen ...any) {
	if !holds {
		panic(fmt.Sprintf("seen: %v", seen))
	}
}

func equal[T comparable](seen, expected T) {
	check(seen == expected, seen, "expected:", expected)
}

// refused demands that the vault refused a call with this status, with word in its answer.
func refused[T any](_ T, err error) func(status int, word string) {
	return func(status int, word string) {
		var answer *azcore.ResponseError
		check(errors.As(err, &answer), err)
		equal(answer.StatusCode, status)
		check(strings.Contains(answer.Error(), word), answer)
	}
}
