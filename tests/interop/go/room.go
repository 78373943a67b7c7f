package main

import (
	"context"
	"os"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/Azure/azure-sdk-for-go/sdk/security/keyvault/azsecrets"
)

// Where the vault is, by the variables of ../README.md.
var (
	url = os.Getenv("INTEROP_VAULT_URL")
	// On localhost two checks must be off that cannot hold there: that Microsoft knows the authority, and that the
	// host lies under the token's resource. With defaults nothing is off, and the hosts file leads Azure's names here.
	loopback = os.Getenv("INTEROP_DEFAULTS") != "1"
)

const scope = "https://vault.azure.net/.default"

func client(credential azcore.TokenCredential) *azsecrets.Client {
	return must(azsecrets.NewClient(url, credential, &azsecrets.ClientOptions{DisableChallengeResourceVerification: loopback}))
}

func clientSecret(tenant, secret string) azcore.TokenCredential {
	options := &azidentity.ClientSecretCredentialOptions{DisableInstanceDiscovery: loopback}
	return must(azidentity.NewClientSecretCredential(tenant, os.Getenv("AZURE_CLIENT_ID"), secret, options))
}

// signedIn is the credential that works.
func signedIn() azcore.TokenCredential {
	return clientSecret(os.Getenv("AZURE_TENANT_ID"), os.Getenv("AZURE_CLIENT_SECRET"))
}

func workloadIdentity() azcore.TokenCredential {
	options := &azidentity.WorkloadIdentityCredentialOptions{DisableInstanceDiscovery: loopback}
	return must(azidentity.NewWorkloadIdentityCredential(options))
}

// given is a credential that has one token, whatever it is asked for.
type given string

func (variable given) GetToken(_ context.Context, options policy.TokenRequestOptions) (azcore.AccessToken, error) {
	equal(len(options.Scopes), 1)
	equal(options.Scopes[0], scope)
	return azcore.AccessToken{Token: os.Getenv(string(variable)), ExpiresOn: time.Now().Add(time.Hour)}, nil
}
