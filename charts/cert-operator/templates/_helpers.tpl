{{- define "cert-operator.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride -}}
{{- else if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "cert-operator.selectorLabels" -}}
app.kubernetes.io/name: cert-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "cert-operator.labels" -}}
{{ include "cert-operator.labelsAnd" (list . dict) }}
{{- end -}}

{{- /* The labels of an object that has some of its own: (list ROOT LABELS). */}}
{{- define "cert-operator.labelsAnd" -}}
{{- $root := index . 0 -}}
{{ include "cert-operator.selectorLabels" $root }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ $root.Chart.Name }}-{{ $root.Chart.Version }}
{{- with merge (dict) (index . 1 | default dict) ($root.Values.commonLabels | default dict) }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "cert-operator.serviceAccountName" -}}
{{- .Values.serviceAccount.name | default (include "cert-operator.fullname" .) -}}
{{- end -}}

{{- define "cert-operator.image" -}}
{{- $image := .Values.image -}}
{{- if $image.digest -}}
{{- $image.repository }}@{{ $image.digest -}}
{{- else -}}
{{- $image.repository }}:{{ $image.tag | default .Chart.AppVersion -}}
{{- end -}}
{{- end -}}
