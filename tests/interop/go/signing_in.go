package main

import (
	"context"
	"errors"
	"os"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

func signingIn() []scenario {
	works := func(credential func() azcore.TokenCredential) func(context.Context) string {
		return func(ctx context.Context) string {
			vault := client(credential())
			set(ctx, vault, "signing-in", "value")
			equal(*get(ctx, vault, "signing-in", "").Value, "value")
			return ""
		}
	}
	refuses := func(token given, word string) func(context.Context) string {
		return func(ctx context.Context) string {
			refused(client(token).GetSecret(ctx, "signing-in", "", nil))(401, word)
			return ""
		}
	}
	return []scenario{
		{"client secret", works(signedIn)},
		{"workload identity", works(workloadIdentity)},
		{"wrong client secret", func(ctx context.Context) string {
			vault := client(clientSecret(os.Getenv("AZURE_TENANT_ID"), "wrong"))
			_, err := vault.GetSecret(ctx, "signing-in", "", nil)
			var failed *azidentity.AuthenticationFailedError
			check(errors.As(err, &failed) && strings.Contains(err.Error(), "AADSTS7000215"), err)
			return ""
		}},
		{"unknown tenant", func(ctx context.Context) string {
			// Asked without the vault: the SDK itself refuses a credential whose tenant is not the challenge's.
			credential := clientSecret("11111111-2222-3333-4444-555555555555", os.Getenv("AZURE_CLIENT_SECRET"))
			_, err := credential.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{scope}})
			var failed *azidentity.AuthenticationFailedError
			check(errors.As(err, &failed) && strings.Contains(err.Error(), "AADSTS90002"), err)
			return ""
		}},
		{"token given as it is", works(func() azcore.TokenCredential { return given("INTEROP_TOKEN") })},
		{"token that is no token", refuses("INTEROP_TOKEN_MALFORMED", "IDX12729")},
		{"token signed by another key", refuses("INTEROP_TOKEN_FORGED", "IDX10511")},
		{"token for another audience", refuses("INTEROP_TOKEN_AUDIENCE", "AKV10022")},
		{"expired token", refuses("INTEROP_TOKEN_EXPIRED", "IDX10223")},
	}
}
