package main

import (
	"fmt"
	"strings"

	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	network "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
)

// check says what an operator would miss in the objects of one release.
func check(objects []runtime.Object) []string {
	var faults []string
	want := func(holds bool, format string, arguments ...interface{}) {
		if !holds {
			faults = append(faults, fmt.Sprintf(format, arguments...))
		}
	}
	var deployment *apps.Deployment
	for _, object := range objects {
		if found, ok := object.(*apps.Deployment); ok {
			deployment = found
		}
	}
	if deployment == nil {
		return []string{"there is no Deployment"}
	}
	pod := deployment.Spec.Template
	checkPod(pod.Spec, want)
	container := pod.Spec.Containers[0]
	selects := func(what string, selector map[string]string) {
		want(len(selector) > 0 && labels.SelectorFromSet(selector).Matches(labels.Set(pod.Labels)),
			"the %s does not select the pods", what)
	}
	selects("Deployment", deployment.Spec.Selector.MatchLabels)
	ports := map[string]bool{}
	for _, port := range container.Ports {
		ports[port.Name] = true
	}
	services, disruption := 0, false
	for _, object := range objects {
		switch object := object.(type) {
		case *core.Service:
			services++
			selects("Service", object.Spec.Selector)
			for _, port := range object.Spec.Ports {
				want(ports[port.TargetPort.StrVal], "no container has the port `%s` of a Service", port.TargetPort.StrVal)
			}
		case *network.NetworkPolicy:
			selects("NetworkPolicy", object.Spec.PodSelector.MatchLabels)
			for _, rule := range object.Spec.Ingress {
				for _, port := range rule.Ports {
					want(ports[port.Port.StrVal], "no container has the port `%s` of the NetworkPolicy", port.Port.StrVal)
				}
			}
		case *policy.PodDisruptionBudget:
			disruption = true
			selects("PodDisruptionBudget", object.Spec.Selector.MatchLabels)
		case *apps.Deployment:
		default:
			want(false, "nobody expects a %T", object)
		}
	}
	want(ports["server"], "no container serves")
	want(services == len(ports), "%d ports and %d Services", len(ports), services)
	want(disruption == (*deployment.Spec.Replicas > 1), "a budget for disruptions is where there is more than one server")
	return faults
}

func checkPod(pod core.PodSpec, want func(bool, string, ...interface{})) {
	container := pod.Containers[0]
	want(*pod.SecurityContext.RunAsNonRoot && *pod.SecurityContext.RunAsUser > 0, "the pod may run as root")
	want(pod.SecurityContext.SeccompProfile.Type == core.SeccompProfileTypeRuntimeDefault, "system calls are not filtered")
	want(!*pod.AutomountServiceAccountToken, "the pod has a token of Kubernetes")
	security := container.SecurityContext
	want(!*security.AllowPrivilegeEscalation && *security.ReadOnlyRootFilesystem, "the container may change itself")
	want(len(security.Capabilities.Drop) == 1 && security.Capabilities.Drop[0] == "ALL", "the container has capabilities")
	want(container.LivenessProbe.HTTPGet.Path == "/health", "whether it is alive is asked elsewhere than at /health")
	want(container.ReadinessProbe.HTTPGet.Path == "/ready", "whether it is ready is asked elsewhere than at /ready")

	volumes := map[string]core.Volume{}
	for _, volume := range pod.Volumes {
		volumes[volume.Name] = volume
		if volume.Secret != nil {
			want(*volume.Secret.DefaultMode&0o007 == 0, "everybody may read the secret in `%s`", volume.Name)
		}
	}
	mounted := map[string]bool{}
	for _, mount := range container.VolumeMounts {
		_, known := volumes[mount.Name]
		want(known, "there is no volume `%s`", mount.Name)
		want(mount.ReadOnly || volumes[mount.Name].Secret == nil, "the secret in `%s` can be written", mount.Name)
		mounted[mount.MountPath] = true
	}
	isMounted := func(file string) bool { return mounted[file[:strings.LastIndex(file, "/")]] }
	tls := false
	for _, variable := range container.Env {
		switch variable.Name {
		case "STRONGROOM_DATABASE":
			want(variable.Value == "" && variable.ValueFrom.SecretKeyRef != nil, "the database's address is no secret")
		case "STRONGROOM_KEY_FILE", "STRONGROOM_TLS_CERTIFICATE", "STRONGROOM_TLS_KEY":
			want(isMounted(variable.Value), "nothing is mounted at %s", variable.Value)
			tls = tls || variable.Name == "STRONGROOM_TLS_KEY"
		}
	}
	arguments := strings.Join(container.Args, " ")
	want(strings.HasPrefix(arguments, "server start"), "it starts `%s`", arguments)
	want(tls != strings.Contains(arguments, "--behind-proxy"), "either it ends TLS or a proxy does")
	want((container.ReadinessProbe.HTTPGet.Scheme == core.URISchemeHTTPS) == tls, "the probes do not speak what it does")
	for _, argument := range container.Args {
		if file, found := strings.CutPrefix(argument, "--admin-password-file="); found {
			want(isMounted(file), "nothing is mounted at %s", file)
		}
	}
}

// refuses proves that values which would serve in the clear, or are misspelled, make no release.
func refuses(path string) {
	chart, err := loader.Load(path)
	if err != nil {
		fail("%s: %v", path, err)
	}
	cases := map[string]map[string]interface{}{
		"nobody ends TLS": {},
		"two end TLS":     {"tls": map[string]interface{}{"secretName": "x", "behindProxy": true}},
		"a misspelled value": {
			"tls": map[string]interface{}{"behindProxy": true}, "replicaCount": 2,
		},
		"no server": {"tls": map[string]interface{}{"behindProxy": true}, "replicas": 0},
	}
	for name, values := range cases {
		if _, err := chartutil.ToRenderValues(chart, values, chartutil.ReleaseOptions{}, nil); err == nil {
			fail("%s: the chart takes these values", name)
		}
	}
}
