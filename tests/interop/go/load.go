package main

import (
	"context"
	"fmt"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
)

func load() []scenario {
	vault := client(signedIn())
	return []scenario{{"100 secrets at once", func(ctx context.Context) string {
		results := make(chan error)
		for at := range 100 {
			go func() {
				name, value := fmt.Sprint("load-", at), fmt.Sprint(at)
				_, err := vault.SetSecret(ctx, name, parameters{Value: to.Ptr(value)}, nil)
				if err == nil {
					read, again := vault.GetSecret(ctx, name, "", nil)
					if err = again; err == nil && *read.Value != value {
						err = fmt.Errorf("%s holds %s", name, *read.Value)
					}
				}
				results <- err
			}()
		}
		for range 100 {
			must(0, <-results)
		}
		items, _ := listed(ctx, vault, "load-")
		equal(len(items), 100)
		return ""
	}}}
}
