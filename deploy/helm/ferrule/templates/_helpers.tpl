{{- define "ferrule.name" -}}
{{- printf "%s" .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "ferrule.labels" -}}
app.kubernetes.io/name: ferrule
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "ferrule.selector" -}}
app.kubernetes.io/name: ferrule
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "ferrule.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}

{{/* The settings of every container. */}}
{{- define "ferrule.env" -}}
{{- $service := include "ferrule.name" . -}}
- name: FERRULE_DATABASE_URL
  valueFrom:
    secretKeyRef: { name: {{ .Values.database.secretName }}, key: {{ .Values.database.secretKey }} }
{{- if .Values.redis.secretName }}
- name: FERRULE_REDIS_URL
  valueFrom:
    secretKeyRef: { name: {{ .Values.redis.secretName }}, key: {{ .Values.redis.secretKey }} }
{{- end }}
- name: FERRULE_ALLOWED_HOSTS
  value: {{ concat (list $service (printf "%s.%s" $service .Release.Namespace) (printf "%s.%s.svc" $service .Release.Namespace) (printf "%s.%s.svc.cluster.local" $service .Release.Namespace)) .Values.hosts | join "," | quote }}
{{- if and (eq (upper .Values.service.scheme) "HTTPS") (not (hasKey .Values.settings "FERRULE_CONDUCTOR_CERT_NAME")) }}
# The certificate is for the service, while pods forward calls to addresses of pods.
- name: FERRULE_CONDUCTOR_CERT_NAME
  value: {{ printf "%s.%s.svc" $service .Release.Namespace | quote }}
{{- end }}
{{- if .Values.metrics.port }}
- name: FERRULE_METRICS
  value: {{ printf "0.0.0.0:%d" (int .Values.metrics.port) | quote }}
{{- end }}
{{- range $name, $value := .Values.settings }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end -}}

{{/* The pod of a deployment; called with the root, the component and its values. */}}
{{- define "ferrule.pod" -}}
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
automountServiceAccountToken: false
terminationGracePeriodSeconds: {{ .root.Values.terminationGracePeriodSeconds }}
securityContext:
  runAsNonRoot: true
  runAsUser: 1000
  runAsGroup: 1000
  fsGroup: 1000
  seccompProfile: { type: RuntimeDefault }
containers:
  - name: ferrule
    image: {{ include "ferrule.image" .root }}
    imagePullPolicy: {{ .root.Values.image.pullPolicy }}
    args: [serve]
    env:
      {{- include "ferrule.env" .root | nindent 6 }}
      - name: FERRULE_ROLE
        value: {{ .role }}
      {{- if eq .role "conductor" }}
      - name: FERRULE_CONDUCTOR_CONCURRENCY
        value: {{ .component.concurrency | quote }}
      # Where the other pods reach this one, to forward calls.
      - name: FERRULE_CONDUCTOR_ADDRESS
        valueFrom:
          fieldRef: { fieldPath: status.podIP }
      {{- end }}
      # Unique for each process: the holder of locks and the conductor of jobs.
      - name: FERRULE_HOSTNAME
        valueFrom:
          fieldRef: { fieldPath: metadata.name }
    ports:
      - { name: api, containerPort: 6385 }
      {{- if .root.Values.metrics.port }}
      - { name: metrics, containerPort: {{ .root.Values.metrics.port }} }
      {{- end }}
    startupProbe:
      httpGet: { path: /readyz, port: api, scheme: {{ .root.Values.service.scheme }} }
      periodSeconds: 2
      failureThreshold: 60
    readinessProbe:
      httpGet: { path: /readyz, port: api, scheme: {{ .root.Values.service.scheme }} }
      periodSeconds: 5
      timeoutSeconds: 3
    livenessProbe:
      httpGet: { path: /healthz, port: api, scheme: {{ .root.Values.service.scheme }} }
      periodSeconds: 10
      timeoutSeconds: 5
      failureThreshold: 6
    resources: {{ toYaml .component.resources | nindent 6 }}
    securityContext:
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      capabilities: { drop: [ALL] }
    volumeMounts:
      - { name: tmp, mountPath: /tmp }
      {{- if .root.Values.filesSecretName }}
      - { name: files, mountPath: /etc/ferrule, readOnly: true }
      {{- end }}
volumes:
  - name: tmp
    emptyDir: {}
  {{- if .root.Values.filesSecretName }}
  - name: files
    secret: { secretName: {{ .root.Values.filesSecretName }}, defaultMode: 0440 }
  {{- end }}
{{- with .root.Values.nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.tolerations }}
tolerations: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.affinity }}
affinity: {{ toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
