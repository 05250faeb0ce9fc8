var __tyrano_key_config = {};
