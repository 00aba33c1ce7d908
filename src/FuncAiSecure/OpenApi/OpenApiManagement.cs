using System.Text.Json.Nodes;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Identity.ApiKeys;
using FuncAiSecure.Core.Monitoring.Behaviour;
using FuncAiSecure.Http;

namespace FuncAiSecure.OpenApi;

/// <summary>The schemas of moderation, usage and the routes for operators.</summary>
internal static class OpenApiManagement
{
    private static readonly string Roles = string.Join(',', RoleNames.All.Select(role => $"\"{role}\""));
    private static readonly string Signals = string.Join(',', Enum.GetNames<Signal>().Select(signal => $"\"{char.ToLowerInvariant(signal[0])}{signal[1..]}\""));

    public static JsonObject Create(TransportOptions limits) => (JsonObject)JsonNode.Parse(
        $$"""
        {
          "Principal": { "type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[A-Za-z0-9._:@/-]+$" },
          "Done": { "type": "object", "required": ["done"], "properties": { "done": { "type": "boolean", "const": true } } },
          "ModerationRequest": { "type": "object", "additionalProperties": false, "required": ["input"], "properties": {
            "input": { "$ref": "#/components/schemas/Texts" },
            "model": { "type": ["string", "null"], "maxLength": {{limits.MaxBodyBytes}}, "description": "prompt-guard, or what OpenAI's clients send by habit." } } },
          "ModerationResponse": { "type": "object", "required": ["id", "model", "results"], "properties": {
            "id": { "type": "string" }, "model": { "type": "string" },
            "results": { "type": "array", "items": { "type": "object", "required": ["flagged", "categories", "category_scores"], "properties": {
              "flagged": { "type": "boolean" },
              "categories": { "type": "object", "additionalProperties": { "type": "boolean" } },
              "category_scores": { "type": "object", "additionalProperties": { "type": "number", "minimum": 0, "maximum": 1 } },
              "category_applied_input_types": { "type": "object", "additionalProperties": { "type": "array", "items": { "type": "string", "const": "text" } } } } } } } },
          "QuotaUsage": { "type": "object", "required": ["object", "plan", "policies"], "properties": {
            "object": { "type": "string", "const": "usage" }, "principal": { "$ref": "#/components/schemas/Principal" },
            "plan": { "type": "string" }, "plan_changed": { "type": "boolean", "description": "Whether an operator has set it." },
            "policies": { "type": "array", "items": { "type": "object", "required": ["name", "window", "unit", "limit", "used", "left", "enforced"], "properties": {
              "name": { "type": "string" }, "window": { "type": "string" }, "unit": { "type": "string" },
              "limit": { "type": "integer" }, "used": { "type": "integer" }, "left": { "type": "integer" },
              "reset_at": { "type": "string", "format": "date-time" }, "enforced": { "type": "boolean" },
              "leases": { "type": "array", "description": "For operators: what each instance holds.", "items": { "type": "object", "properties": {
                "id": { "type": "string" }, "lent": { "type": "integer" }, "held": { "type": "integer" }, "at": { "type": "string", "format": "date-time" } } } } } } } } },
          "PlanChange": { "type": "object", "additionalProperties": false, "required": ["principal", "plan"], "properties": {
            "principal": { "$ref": "#/components/schemas/Principal" },
            "plan": { "type": ["string", "null"], "maxLength": {{limits.MaxBodyBytes}}, "description": "A configured plan, or null to go back to the plan of the credential." } } },
          "WindowReset": { "type": "object", "additionalProperties": false, "required": ["principal"], "properties": {
            "principal": { "$ref": "#/components/schemas/Principal" },
            "policy": { "type": ["string", "null"], "maxLength": {{limits.MaxBodyBytes}}, "description": "All counted ones where absent." },
            "plan": { "type": ["string", "null"], "maxLength": {{limits.MaxBodyBytes}}, "description": "The plan that the caller's credential names." } } },
          "Names": { "type": "array", "maxItems": {{limits.MaxBodyBytes}}, "items": { "type": "string", "maxLength": {{limits.MaxBodyBytes}} } },
          "KeyCreateRequest": { "type": "object", "additionalProperties": false, "required": ["principal", "roles"], "properties": {
            "principal": { "$ref": "#/components/schemas/Principal" }, "name": { "type": "string", "maxLength": {{limits.MaxBodyBytes}} },
            "roles": { "type": "array", "maxItems": {{limits.MaxBodyBytes}}, "items": { "type": "string", "enum": [{{Roles}}] } },
            "models": { "$ref": "#/components/schemas/Names" }, "networks": { "$ref": "#/components/schemas/Names" },
            "plan": { "type": ["string", "null"], "maxLength": {{limits.MaxBodyBytes}} },
            "not_before": { "type": ["string", "null"], "format": "date-time", "maxLength": 64 }, "expires": { "type": ["string", "null"], "format": "date-time", "maxLength": 64 } } },
          "KeyRotateRequest": { "type": "object", "additionalProperties": false, "properties": {
            "overlap_seconds": { "type": ["integer", "null"], "minimum": 0, "maximum": {{(int)ApiKeyService.MaxOverlap.TotalSeconds}}, "description": "How long the old key works on; a day where absent." } } },
          "KeyCheckRequest": { "type": "object", "additionalProperties": false, "required": ["key"], "properties": {
            "key": { "type": "string", "maxLength": {{limits.MaxBodyBytes}} } } },
          "KeyCheck": { "type": "object", "required": ["id", "result"], "properties": {
            "id": { "type": ["string", "null"] }, "result": { "type": "string", "enum": ["valid", "malformed", "not-issued-here", "not-valid-now"] } } },
          "CreatedKey": { "type": "object", "required": ["id", "key"], "description": "The one answer that shows the key.", "properties": {
            "id": { "type": "string" }, "key": { "type": "string" }, "previous_until": { "type": "string", "format": "date-time" } } },
          "Key": { "type": "object", "required": ["id", "principal", "roles", "enabled"], "properties": {
            "id": { "type": "string" }, "principal": { "$ref": "#/components/schemas/Principal" }, "name": { "type": "string" },
            "roles": { "type": "array", "items": { "type": "string" } }, "models": { "type": "array", "items": { "type": "string" } },
            "networks": { "type": "array", "items": { "type": "string" } }, "plan": { "type": ["string", "null"] }, "enabled": { "type": "boolean" },
            "created_by": { "type": ["string", "null"] }, "created": { "type": "string", "format": "date-time" },
            "not_before": { "type": "string", "format": "date-time" }, "expires": { "type": "string", "format": "date-time" },
            "previous_until": { "type": "string", "format": "date-time" } } },
          "KeyList": { "type": "object", "required": ["keys"], "properties": { "keys": { "type": "array", "items": { "$ref": "#/components/schemas/Key" } } } },
          "ManagedModels": { "type": "object", "required": ["ready", "reasons", "models"], "properties": {
            "ready": { "type": "boolean" }, "reasons": { "type": "array", "items": { "type": "string" } },
            "models": { "type": "array", "items": { "type": "object", "required": ["name", "version", "state", "serving"], "properties": {
              "name": { "type": "string" }, "version": { "type": "integer" }, "state": { "type": "string", "enum": ["loading", "idle", "ready", "refused"] },
              "serving": { "type": "boolean" }, "canary_percent": { "type": "integer" }, "digest": { "type": ["string", "null"] },
              "signed_by": { "type": ["string", "null"] }, "memory_bytes": { "type": "integer" }, "faults": { "type": "array", "items": { "type": "string" } } } } } } },
          "PromoteRequest": { "type": "object", "additionalProperties": false, "required": ["version"], "properties": {
            "version": { "type": "integer", "minimum": 1, "maximum": {{int.MaxValue}} },
            "percent": { "type": ["integer", "null"], "minimum": 0, "maximum": 100, "description": "The share of principals that gets it; all where absent." } } },
          "Promotion": { "type": "object", "required": ["model", "entry", "version"], "properties": {
            "model": { "type": "string" }, "entry": { "type": "integer" }, "version": { "type": "integer" }, "previous_version": { "type": "integer" },
            "canary_version": { "type": "integer" }, "canary_percent": { "type": "integer" }, "rollback": { "type": "boolean" },
            "by": { "type": "string" }, "at": { "type": "string", "format": "date-time" } } },
          "PromotionList": { "type": "object", "required": ["promotions"], "properties": {
            "promotions": { "type": "array", "items": { "$ref": "#/components/schemas/Promotion" } } } },
          "AuditRecords": { "type": "object", "required": ["records"], "properties": {
            "records": { "type": "array", "items": { "type": "object", "required": ["chain", "sequence", "time"], "properties": {
              "chain": { "type": "string" }, "sequence": { "type": "integer" }, "principal": { "type": "string" }, "time": { "type": "string", "format": "date-time" },
              "aboutPrincipal": { "type": "string" }, "request": { "type": "string" }, "trace": { "type": "string" },
              "who": { "type": "string", "description": "The caller's pseudonym." }, "credentialKind": { "type": "string" }, "credential": { "type": "string" },
              "network": { "type": "string" }, "action": { "type": "string" }, "subject": { "type": "string" }, "about": { "type": "string" },
              "model": { "type": "string" }, "version": { "type": "integer" }, "outcome": { "type": "string" }, "status": { "type": "integer" },
              "units": { "type": "integer" }, "durationMicros": { "type": "integer" }, "inferenceMicros": { "type": "integer" },
              "inputBytes": { "type": "integer" }, "inputDigest": { "type": "string" },
              "verdicts": { "type": "array", "items": { "type": "object", "properties": { "rule": { "type": "string" }, "score": { "type": "number" } } } },
              "others": { "type": "integer" }, "lost": { "type": "integer" } } } },
            "next": { "type": "string", "description": "The value of after for the next page; absent on the last." } } },
          "CapturedPayloads": { "type": "object", "required": ["payloads", "more"], "properties": {
            "more": { "type": "boolean", "description": "Whether there are more than 16 MiB under this id; the oldest are shown." },
            "payloads": { "type": "array", "items": { "type": "object", "required": ["day", "model", "readable"], "properties": {
              "day": { "type": "string", "format": "date" }, "model": { "type": "string" },
              "readable": { "type": "boolean", "description": "False where the key that wrapped it is gone, or it was altered." },
              "bytes": { "type": "integer" }, "text": { "type": "string" }, "base64": { "type": "string", "contentEncoding": "base64" } } } } } },
          "Anomalies": { "type": "object", "required": ["anomalies"], "properties": {
            "anomalies": { "type": "array", "items": { "type": "object", "required": ["at", "signal"], "properties": {
              "at": { "type": "string", "format": "date-time" }, "signal": { "type": "string", "enum": [{{Signals}}] },
              "principal": { "type": ["string", "null"] }, "model": { "type": ["string", "null"] }, "version": { "type": ["string", "null"] },
              "value": { "type": "number" }, "limit": { "type": "number" } } } } } }
        }
        """)!.AsObject();
}
