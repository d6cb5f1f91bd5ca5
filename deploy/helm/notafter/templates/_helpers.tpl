{{- define "notafter.name" -}}
{{- ternary .Release.Name (printf "%s-%s" .Release.Name .Chart.Name) (contains .Chart.Name .Release.Name) | trunc 50 | trimSuffix "-" }}
{{- end }}

{{- define "notafter.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "notafter.labels" -}}
{{ include "notafter.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "notafter.serviceAccount" -}}
{{- if .Values.serviceAccount.create }}{{ .Values.serviceAccount.name | default (include "notafter.name" .) }}{{ else }}{{ .Values.serviceAccount.name | default "default" }}{{ end }}
{{- end }}

{{- define "notafter.credentials" -}}
{{- .Values.credentials.existingSecret | default (printf "%s-credentials" (include "notafter.name" .)) }}
{{- end }}

{{- /* The pod of the Deployment and of the CronJob; `arguments` are those of the command, `daemon` adds its probes, `proxy` that of the metrics. */ -}}
{{- define "notafter.pod" -}}
metadata:
  labels:
    {{- include "notafter.labels" .root | nindent 4 }}
  annotations:
    # A new configuration makes a new pod.
    checksum/config: {{ .root.Values.config | toYaml | sha256sum }}
    {{- with .root.Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  {{- if not .daemon }}
  restartPolicy: Never
  {{- end }}
  serviceAccountName: {{ include "notafter.serviceAccount" .root }}
  automountServiceAccountToken: {{ not (empty .root.Values.readableObjects) }}
  {{- with .root.Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 65532
    runAsGroup: 65532
    fsGroup: 65532
    seccompProfile: { type: RuntimeDefault }
  containers:
    - name: notafter
      image: "{{ .root.Values.image.repository }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}"
      imagePullPolicy: {{ .root.Values.image.pullPolicy }}
      args: {{ toJson .arguments }}
      {{- if and .daemon .root.Values.config.listen }}
      # Health is the progress of passes: certificates near their expiry do not count.
      startupProbe:
        exec: { command: [/usr/bin/notafter, healthcheck, --ready, --quiet] }
        timeoutSeconds: 10
        periodSeconds: 10
        failureThreshold: 90
      livenessProbe:
        exec: { command: [/usr/bin/notafter, healthcheck, --quiet] }
        timeoutSeconds: 10
        periodSeconds: 60
        failureThreshold: 3
      {{- end }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: { drop: [ALL] }
      resources:
        {{- toYaml .root.Values.resources | nindent 8 }}
      volumeMounts:
        - { name: config, mountPath: /etc/notafter }
        - { name: credentials, mountPath: /run/notafter/credentials }
        - { name: kube-root-ca, mountPath: /run/kube-root-ca }
        - { name: ledger, mountPath: /var/lib/notafter }
        {{- with .root.Values.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    {{- if .proxy }}
    - name: metrics
      image: {{ .root.Values.metrics.proxyImage }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: { drop: [ALL] }
      ports:
        - { name: metrics, containerPort: 9794 }
      resources:
        requests: { cpu: 5m, memory: 16Mi }
        limits: { memory: 64Mi }
      volumeMounts:
        - { name: metrics, mountPath: /etc/nginx/conf.d }
        - { name: metrics-tmp, mountPath: /tmp }
    {{- end }}
  volumes:
    {{- if .proxy }}
    - name: metrics
      configMap: { name: {{ include "notafter.name" .root }}-metrics }
    - name: metrics-tmp
      emptyDir: { medium: Memory, sizeLimit: 16Mi }
    {{- end }}
    - name: config
      configMap: { name: {{ include "notafter.name" .root }} }
    - name: credentials
      secret: { secretName: {{ include "notafter.credentials" .root }}, defaultMode: 0440, optional: true }
    - name: kube-root-ca
      configMap: { name: kube-root-ca.crt }
    - name: ledger
      persistentVolumeClaim: { claimName: {{ .root.Values.persistence.existingClaim | default (printf "%s-ledger" (include "notafter.name" .root)) }} }
    {{- with .root.Values.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with .root.Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .root.Values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .root.Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
