// Command deploy checks the Helm chart as Helm and Kubernetes would: it lints and renders the chart with each file of
// values, decodes every object strictly into its type, and looks for what an operator relies on.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/lint"
	"helm.sh/helm/v3/pkg/lint/support"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/yaml"
)

func main() {
	chart := os.Args[1]
	files, err := filepath.Glob(filepath.Join(chart, "ci", "*.yaml"))
	if err != nil || len(files) == 0 {
		fail("no values in %s/ci: %v", chart, err)
	}
	for _, file := range files {
		objects := render(chart, file)
		complain(file, check(objects))
		fmt.Printf("%s: %d objects\n", filepath.Base(file), len(objects))
	}
	refuses(chart)
}

// render lints the chart with a file of values and decodes what it makes.
func render(path, file string) []runtime.Object {
	values := read(file)
	report := lint.All(path, values, "test", true)
	for _, message := range report.Messages {
		if message.Severity >= support.WarningSev {
			fail("%s: %s", file, message)
		}
	}
	chart, err := loader.Load(path)
	if err != nil {
		fail("%s: %v", path, err)
	}
	release := chartutil.ReleaseOptions{Name: "test", Namespace: "secrets", IsInstall: true}
	all, err := chartutil.ToRenderValues(chart, values, release, nil)
	if err != nil {
		fail("%s: %v", file, err)
	}
	rendered, err := engine.Render(chart, all)
	if err != nil {
		fail("%s: %v", file, err)
	}
	names := make([]string, 0, len(rendered))
	for name := range rendered {
		names = append(names, name)
	}
	sort.Strings(names)
	strict := json.NewSerializerWithOptions(json.DefaultMetaFactory, scheme.Scheme, scheme.Scheme,
		json.SerializerOptions{Yaml: true, Strict: true})
	var objects []runtime.Object
	for _, name := range names {
		for _, text := range strings.Split(rendered[name], "\n---") {
			if strings.TrimSpace(text) == "" || strings.HasSuffix(name, "NOTES.txt") {
				continue
			}
			object, _, err := strict.Decode([]byte(text), nil, nil)
			if err != nil {
				fail("%s with %s: %v\n%s", name, file, err, text)
			}
			objects = append(objects, object)
		}
	}
	return objects
}

func read(file string) map[string]interface{} {
	text, err := os.ReadFile(file)
	if err != nil {
		fail("%v", err)
	}
	values := map[string]interface{}{}
	if err := yaml.UnmarshalStrict(text, &values); err != nil {
		fail("%s: %v", file, err)
	}
	return values
}

func complain(file string, faults []string) {
	if len(faults) > 0 {
		fail("%s:\n  %s", file, strings.Join(faults, "\n  "))
	}
}

func fail(format string, arguments ...interface{}) {
	fmt.Fprintf(os.Stderr, "error: "+format+"\n", arguments...)
	os.Exit(1)
}
